import { version } from '../version.ts'
import type { Command, Flag } from './command.ts'

const INDENT = '  '

/** What `forkpoint` can do. */
export function helpOfAll(commands: readonly Command[]): string {
  return [
    `forkpoint ${version}: runs the setup of a test suite once, and rolls back before every test`,
    '',
    'Usage: forkpoint COMMAND',
    '',
    ...table(commands.map(command => [synopsisOf(command), command.does])),
    '',
    '`forkpoint COMMAND --help` says more of one, `forkpoint --version` prints the version.',
  ].join('\n')
}

export function helpOf(command: Command): string {
  const flags = Object.entries(command.flags)
  return [
    `Usage: forkpoint ${synopsisOf(command)}`,
    '',
    `${command.does[0]?.toUpperCase()}${command.does.slice(1)}.`,
    command.more,
    ...(flags.length === 0
      ? []
      : ['', ...table(flags.map(([name, flag]) => [writeFlag(name, flag), flag.does]))]),
  ].join('\n')
}

/** `report FILE [--html OUT]` */
function synopsisOf({ name, operands, flags, rest }: Command): string {
  const optional = Object.entries(flags).map(([flag, words]) => `[${writeFlag(flag, words)}]`)
  return [name, ...operands, ...optional, ...(rest === null ? [] : [`[-- ${rest}]`])].join(' ')
}

function writeFlag(name: string, { value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

function table(rows: ReadonlyArray<readonly [left: string, right: string]>): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${INDENT}${left.padEnd(width)}  ${right}`)
}
