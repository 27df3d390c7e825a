import { ForkpointError } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'
import { version } from '../version.ts'
import { type Command, EXIT, type ExitCode, type Surroundings } from './command.ts'
import { COMMANDS } from './commands.ts'
import { helpOf, helpOfAll } from './help.ts'
import { HELP, parseArguments, usageError } from './parse-arguments.ts'

/** Runs `forkpoint ARGS`, and says what this process is to end with. What a user did wrong is told in words, without a stack. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  try {
    return await run(args, surroundings)
  } catch (error) {
    if (!(error instanceof ForkpointError)) throw error
    terminal.complain(error.message)
    return EXIT.failed
  }
}

async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const [first, ...others] = args
  const { terminal } = surroundings
  if (first === '--version' || first === '-v') {
    terminal.print(version)
    return EXIT.ok
  }
  if (first === undefined || (isHelp(first) && others.length === 0)) {
    terminal.print(helpOfAll(COMMANDS))
    return EXIT.ok
  }
  const [name = '', rest] = isHelp(first) ? [others[0], [`--${HELP}`]] : [first, others]
  const command = findCommand(name)
  const given = parseArguments(command, rest)
  if (!given.flags.has(HELP)) return await command.run(given, surroundings)
  terminal.print(helpOf(command))
  return EXIT.ok
}

function isHelp(word: string): boolean {
  return word === HELP || word === `--${HELP}` || word === '-h'
}

function findCommand(name: string): Command {
  const command = COMMANDS.find(each => each.name === name)
  if (command !== undefined) return command
  const names = COMMANDS.map(each => each.name)
  const nearest = nearestName(name, names)
  const remedy = nearest
    ? `did you mean \`${nearest}\`?`
    : `there are ${names.map(each => `\`${each}\``).join(', ')}`
  throw usageError(`Unknown command \`${name}\``, remedy)
}
