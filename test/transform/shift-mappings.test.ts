import { SourceMap } from 'node:module'
import MagicString from 'magic-string'
import { describe, expect, test } from 'vitest'
import { exposeState } from '../../src/transform/expose-state.ts'
import { shiftMappings } from '../../src/transform/shift-mappings.ts'

const source = `type T = number
let hits: T = 0; const make = (start: T) => { let n = start; return () => ++n }
export const get = (key: string) => { hits++; return [key].map(each => { const own = { each }; return () => own }) }
`

/** The source without its types, and the map that a transform gives with it. */
function strip(): { code: string; mappings: string } {
  const output = new MagicString(source)
  for (const { 0: type, index } of source.matchAll(/type T = number\n|: T\b|: string/g))
    output.remove(index, index + type.length)
  const { mappings } = output.generateMap({ hires: true, source: 'a.ts' })
  return { code: output.toString(), mappings }
}

describe('a source map of code into which text was put', () => {
  test('leads from each of its own characters to where it came from', () => {
    const { code, mappings } = strip()
    const exposed = exposeState(code, { id: 'a.ts', label: 'a.ts' })
    if (exposed === null) throw new TypeError('nothing was exposed')
    const payload = { version: 3, file: '', sources: ['a.ts'], sourcesContent: [], names: [], sourceRoot: '' }
    const before = new SourceMap({ ...payload, mappings })
    const after = new SourceMap({ ...payload, mappings: shiftMappings(mappings, code, exposed.inserted) })
    const linesOf = (text: string): string[] => text.split('\n')
    const own = [...code.matchAll(/hits\+\+|\+\+n|own \}|\[key\]|map/g)].map(({ 0: word, index }) => {
      const line = code.slice(0, index).split('\n').length - 1
      return { word, line, column: index - code.lastIndexOf('\n', index - 1) - 1 }
    })
    expect(own).toHaveLength(5)
    for (const { word, line, column } of own) {
      const shifted = linesOf(exposed.code)[line]?.indexOf(word) ?? -1
      const found = after.findEntry(line, shifted)
      expect([word, found]).toEqual([
        word,
        { ...before.findEntry(line, column), generatedColumn: expect.any(Number) },
      ])
    }
  })

  test('keeps large figures, and lines without text, as they are', () => {
    const code = `${' '.repeat(70_000)}a;b\nc`
    expect(shiftMappings('gghEAAAA,EAAE;AACF', code, [])).toBe('gghEAAAA,EAAE;AACF')
    expect(shiftMappings('AAAA,gghEAAE;AACF', code, [[0, 1]])).toBe('CAAA,gghEAAE;AACF')
  })
})
