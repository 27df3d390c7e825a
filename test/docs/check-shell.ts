import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS } from '../../src/cli/commands.ts'
import { parseArguments } from '../../src/cli/parse-arguments.ts'
import { repositoryRoot } from '../support/targets.ts'

const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** What a reader may be told to type, by the program: what is wrong with its arguments, or null. */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => string | null>> = {
  forkpoint: checkForkpoint,
  jest: () => null,
  node: () => null,
  npm: checkNpm,
  npx: ([program = '', ...args]) => check(program, args),
  vitest: () => null,
}

/** What is wrong with a line of a shell, if something is. */
export function checkShell(line: string): string[] {
  const commands = line.replace(/ #.*$/, '').replace(/^\$ /, '').split(' && ')
  return commands.flatMap(command => {
    const words = command.trim().split(/\s+/)
    const [program = '', ...args] = words.slice(words.findIndex(word => !/^[A-Z_]+=/.test(word)))
    return check(program, args) ?? []
  })
}

function check(program: string, args: readonly string[]): string | null {
  return PROGRAMS[program]?.(args) ?? (program in PROGRAMS ? null : `nobody knows the program ${program}`)
}

function checkForkpoint([name = '', ...args]: readonly string[]): string | null {
  const command = COMMANDS.find(each => each.name === name)
  if (command === undefined) return `forkpoint has no command ${name}`
  try {
    parseArguments(command, args)
    return null
  } catch (error) {
    return String(error)
  }
}

function checkNpm([command = '', ...args]: readonly string[]): string | null {
  if (['ci', 'install'].includes(command)) return null
  const script = command === 'run' ? (args[0] ?? '') : command
  return script in manifest.scripts ? null : `package.json has no script ${script}`
}
