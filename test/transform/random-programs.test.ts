import { expect, test } from 'vitest'
import { sharedState } from '../../src/state.ts'
import { randomProgram } from './random-program.ts'
import { cellsOf, expose, runScript } from './run-source.ts'

interface Made {
  fns: Array<() => unknown>
  objs: object[]
}

const PROGRAMS = 200

/** Calls everything twice, so that what one changes shows in the other. */
const observe = ({ fns }: Made): unknown[] => [...fns, ...fns].map(call => call())

/** Reads all that is exposed, and returns what puts it back. */
function record(label: string, { objs }: Made): () => void {
  const cells = cellsOf(label).map(cell => ({ cell, values: cell.read() }))
  const fields = sharedState()
    .cells.privates.filter(found => found.label.startsWith(`${label} ›`))
    .flatMap(found => objs.filter(object => found.isOf(object)).map(object => ({ found, object })))
    .map(({ found, object }) => ({ found, object, values: found.read(object) }))
  // The only objects with state in such a program: the engine would put back what is in them.
  const lists = cells
    .flatMap(({ cell, values }) => values.filter((_, i) => cell.names[i] === 'arguments'))
    .map(list => ({ list: list as unknown[], items: Array.from(list as unknown[]) }))
  return () => {
    for (const { list, items } of lists) Object.assign(list, items)
    for (const { cell, values } of cells) cell.write(values)
    for (const { found, object, values } of fields) found.write(object, values)
  }
}

test('random programs do what they do without, and what they changed is put back', () => {
  let closures = 0
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const source = randomProgram(seed)
    const { code, label } = expose(source, 'commonjs')
    const made = runScript(code) as Made
    const restore = record(label, made)
    const expected = observe(runScript(source) as Made)
    expect(observe(made), `program ${seed}:\n${source}`).toEqual(expected)
    restore()
    expect(observe(made), `program ${seed}, put back:\n${code}`).toEqual(expected)
    closures += made.fns.length
  }
  expect(closures).toBeGreaterThan(PROGRAMS * 10)
})
