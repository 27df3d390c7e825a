import { parseArgs } from 'node:util'
import { ForkpointError } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'
import type { Command, Flag, Given } from './command.ts'

/** Every command has it. */
export const HELP = 'help'

const OF_ALL: Readonly<Record<string, Flag>> = { [HELP]: { does: 'prints this' } }

/**
 * Reads what stands after the name of a command.
 *
 * @throws ForkpointError `ERR_FORKPOINT_OPTION` for what the command does not take, naming the nearest that it does
 */
export function parseArguments(command: Command, args: readonly string[]): Given {
  const known = { ...command.flags, ...OF_ALL }
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, { value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(name === HELP && { short: 'h' }) },
      ]),
    ),
  })
  const end = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? args.length
  const flags = new Map<string, string>()
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'option') flags.set(token.name, readFlag(command, known, token))
    else if (token.kind === 'positional' && token.index < end) operands.push(token.value)
  }
  const rest = args.slice(end + 1)
  if (!flags.has(HELP)) checkOperands(command, operands, rest)
  return { flags, operands, rest }
}

function readFlag(
  { name: command }: Command,
  known: Readonly<Record<string, Flag>>,
  { name, rawName, value }: { name: string; rawName: string; value: string | undefined },
): string {
  const flag = Object.hasOwn(known, name) ? known[name] : undefined
  if (flag === undefined) {
    const nearest = nearestName(name, Object.keys(known))
    const names = Object.keys(known).map(each => `\`--${each}\``)
    throw usageError(
      `\`forkpoint ${command}\` has no flag \`${rawName}\``,
      nearest ? `did you mean \`--${nearest}\`?` : `it has ${names.join(', ')}`,
    )
  }
  // Without `=`, the next flag would be taken for the value.
  if (flag.value !== undefined && (value === undefined || value === '' || value.startsWith('--')))
    throw usageError(`\`${rawName}\` was given nothing`, `it takes a value: \`${rawName} ${flag.value}\``)
  if (flag.value === undefined && value !== undefined)
    throw usageError(`\`${rawName}\` was given \`${value}\``, 'it takes no value')
  return value ?? ''
}

function checkOperands(command: Command, operands: readonly string[], rest: readonly string[]): void {
  const missing = command.operands[operands.length]
  if (missing !== undefined)
    throw usageError(`\`forkpoint ${command.name}\` was given no ${missing}`, `write ${usageOf(command)}`)
  const extra = operands[command.operands.length]
  if (extra !== undefined) {
    const remedy =
      command.rest === null ? `write ${usageOf(command)}` : `what is for the runner goes after \`--\``
    throw usageError(`\`forkpoint ${command.name}\` does not take \`${extra}\``, remedy)
  }
  if (command.rest === null && rest.length > 0)
    throw usageError(`\`forkpoint ${command.name}\` takes nothing after \`--\``, `write ${usageOf(command)}`)
}

function usageOf(command: Command): string {
  return `\`forkpoint ${[command.name, ...command.operands].join(' ')}\``
}

/** @param fault what is wrong @param remedy what to write instead */
export function usageError(fault: string, remedy: string): ForkpointError {
  return new ForkpointError('ERR_FORKPOINT_OPTION', `${fault}; ${remedy}`)
}
