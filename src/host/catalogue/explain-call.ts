import { ForkpointError } from '../../errors.ts'
import { nearestName } from '../../nearest-name.ts'
import { classify } from './classify.ts'
import { EFFECTS } from './effects.ts'
import type { CatalogueRow } from './nature.ts'

/** Other names under which a module's functions are imported. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^node:/, ''],
  [/^(fs|dns|timers|readline)\/promises\b/, '$1.promises'],
  [/^FileHandle\./, 'fs.promises.FileHandle.prototype.'],
  [/^globalThis\.process\b/, 'process'],
]

/**
 * What the catalogue knows about a host call, for people: nature, effect, undo and advice.
 *
 * @param call as `fs.rmSync`, `node:fs/promises.rm`, `fetch`
 * @throws ForkpointError `ERR_FORKPOINT_OPTION` for a name that this Node does not have, naming the nearest that it has
 */
export function explainCall(call: string): string {
  const name = nameOf(call)
  const row = classify(name)
  if (row === null) throw unknownCall(call, name)
  const { effect } = row
  const lines: Array<[label: string, words: string | undefined]> = [
    ['Nature', describeNature(row)],
    ['Effect', `${effect}: it ${EFFECTS[effect].does}`],
    ['Depends', row.depends],
    [
      'Memory',
      isOfDisk(row) ? "with `fs: 'memory'` it is done in memory, and rolled back with it" : undefined,
    ],
    ['Seen', describeSight(row)],
    ['Advice', row.nature === 'safe' ? undefined : EFFECTS[effect].advice],
  ]
  const known = lines.filter(([, words]) => words)
  return [name, ...known.map(([label, words]) => `  ${label.padEnd(8)} ${words}`)].join('\n')
}

function describeNature({ nature, undo, why }: CatalogueRow): string {
  if (undo !== undefined) return `${nature}, undone by ${undo}`
  return why === undefined ? nature : `${nature}: ${why}`
}

function describeSight({ nature, through, unseen, calls }: CatalogueRow): string | undefined {
  if (calls.source.startsWith('^syscall:')) return 'by the kernel, with the option `syscalls`'
  if (nature === 'safe') return undefined
  if (unseen !== undefined) return `not by the guard: ${unseen}`
  return through === undefined ? 'by the guard' : `by the guard, as ${through}`
}

function isOfDisk({ calls, effect, nature }: CatalogueRow): boolean {
  return (
    !calls.source.startsWith('^syscall:') &&
    effect.startsWith('fs.') &&
    effect !== 'fs.watch' &&
    nature !== 'unsafe'
  )
}

/** The name under which the catalogue has it. */
function nameOf(call: string): string {
  if (call.startsWith('syscall:')) return call
  let name = call.trim().replace(/\(.*\)$/s, '')
  for (const [alias, own] of ALIASES) name = name.replace(alias, own)
  if (exists(name)) return name
  const ofGlobal = `globalThis.${name}`
  if (exists(ofGlobal)) return ofGlobal
  const [module = '', method = ''] = splitLast(name)
  const ofClass = `${module}.prototype.${method}`
  return exists(ofClass) ? ofClass : name
}

function exists(name: string): boolean {
  // A class that Node does not export.
  if (name.startsWith('fs.promises.FileHandle.')) return true
  return holderOf(name) !== null
}

/** The object that has the last part of the name, in this Node; null where there is none. */
function holderOf(name: string): object | null {
  const [path = '', last = ''] = splitLast(name)
  if (path === '') return null
  const holder = lookUp(path)
  return isHolder(holder) && last in holder ? holder : null
}

function lookUp(path: string): unknown {
  const [first = '', ...rest] = path.split('.')
  let value: unknown = first === 'globalThis' ? globalThis : process.getBuiltinModule(`node:${first}`)
  for (const part of rest) value = isHolder(value) ? Reflect.get(value, part) : undefined
  return value
}

function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function splitLast(name: string): [string, string] {
  const at = name.lastIndexOf('.')
  return at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)]
}

function unknownCall(call: string, name: string): ForkpointError {
  if (name.startsWith('syscall:')) {
    return new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      `Failed to explain \`${call}\`: it is not watched, because it changes nothing outside the process, or is no system call`,
    )
  }
  const [path, last] = splitLast(name)
  const holder = path === '' ? undefined : lookUp(path)
  const siblings = isHolder(holder) ? Object.getOwnPropertyNames(holder) : []
  const nearest = nearestName(last, siblings)
  const advice = nearest
    ? `; did you mean \`${path}.${nearest}\`?`
    : ', as in `fs.rmSync` or `fs.promises.rm`'
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Failed to explain \`${call}\`: Node ${process.versions.node} has no such call${advice}`,
  )
}
