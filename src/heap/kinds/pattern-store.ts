import type { Store } from '../unrestorable.ts'

type Flags = readonly [letter: string, isSet: (this: RegExp) => boolean]

const { prototype } = RegExp
const { compile } = prototype
const getterOf = <Result>(name: string): ((this: RegExp) => Result) | undefined =>
  Object.getOwnPropertyDescriptor(prototype, name)?.get

const sourceOf = getterOf<string>('source')

/** `flags` itself asks properties that a subclass may have overridden. */
const FLAGS: readonly Flags[] = Object.entries({
  d: 'hasIndices',
  g: 'global',
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  u: 'unicode',
  v: 'unicodeSets',
  y: 'sticky',
}).flatMap(([letter, name]): Flags[] => {
  const isSet = getterOf<boolean>(name)
  return isSet === undefined ? [] : [[letter, isSet]]
})

const readSource = (pattern: RegExp): string => sourceOf?.call(pattern) ?? ''
const readFlags = (pattern: RegExp): string =>
  FLAGS.reduce((flags, [letter, isSet]) => (isSet.call(pattern) ? flags + letter : flags), '')

/** What regular expressions match: `compile` makes one another. It sets `lastIndex` too, so that is put back after this. */
export class PatternStore implements Store {
  readonly #entries: Array<readonly [pattern: RegExp, source: string, flags: string]> = []

  add(pattern: RegExp): void {
    this.#entries.push([pattern, readSource(pattern), readFlags(pattern)])
  }

  restore(): number {
    let repairs = 0
    for (const [pattern, source, flags] of this.#entries) {
      if (readSource(pattern) === source && readFlags(pattern) === flags) continue
      compile.call(pattern, source, flags)
      repairs++
    }
    return repairs
  }
}
