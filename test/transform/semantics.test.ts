import { describe, expect, test } from 'vitest'
import { cellsOf, describeCells, expose, runScript } from './run-source.ts'
import { snippets } from './snippets.ts'

describe.each(snippets)('$title', ({ code, exposes }) => {
  test('the code does what it does without, and its state is found', async () => {
    const exposed = expose(code, 'commonjs')
    const result = runScript(exposed.code)
    expect(describeCells(exposed.label)).toEqual(exposes)
    expect(await result).toEqual(await runScript(code))
  })

  test('what is read can be given back', () => {
    const { code: exposed, label } = expose(code, 'commonjs')
    runScript(exposed)
    for (const cell of cellsOf(label)) {
      const before = cell.read()
      cell.write(before)
      for (const [i, value] of cell.read().entries()) expect(value).toBe(before[i])
    }
  })

  test('no line moves', () => {
    expect(expose(code, 'commonjs').code.split('\n')).toHaveLength(code.split('\n').length)
  })
})
