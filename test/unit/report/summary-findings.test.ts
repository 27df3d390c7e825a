import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/finding.ts'
import { fileWith, plainSuite, runOf, summaryOf } from './records.ts'

const wroteFile: Finding = {
  kind: 'host-call',
  detail: 'A file was written in this test and cannot be rolled back: "x.db" (fs.writeFileSync).',
  suite: 'cart',
  test: 'adds an item',
  site: '/project/src/store.ts:12:3',
  count: 1,
}
const fellBack: Finding = {
  kind: 'fallback',
  detail:
    'Setup was re-run for every test: work was in flight when the checkpoint was to be taken (a timer).',
  suite: 'price',
  count: 1,
}

describe('findings', () => {
  const findings = [fellBack, wroteFile, { ...wroteFile, test: 'removes an item', count: 3 }]
  const run = runOf(
    fileWith({
      file: '/project/cart.test.ts',
      checkpoints: [plainSuite({ file: '/project/cart.test.ts' })],
      findings,
    }),
  )

  test('are grouped by what they say, the most frequent first', () => {
    expect(summaryOf(run, { root: '/project' })).toBe(`
  Forkpoint  fork engine: its preconditions hold here
Checkpoints  none taken
   Findings  2 (seen 5 times)
             4 × A file was written in this test and cannot be rolled back: "x.db" (fs.writeFileSync). (cart.test.ts > cart > adds an item and 1 more)
             Setup was re-run for every test: work was in flight when the checkpoint was to be taken (a timer). (cart.test.ts > price)
             To see where each was made, run with FORKPOINT_TRACE=1.
`)
  })

  test('name every place with trace', () => {
    expect(summaryOf(run, { root: '/project', trace: true })).toContain(`
   Findings  2 (seen 5 times)
             4 × A file was written in this test and cannot be rolled back: "x.db" (fs.writeFileSync).
               cart.test.ts > cart > adds an item, at src/store.ts:12:3
               cart.test.ts > cart > removes an item, at src/store.ts:12:3
             Setup was re-run for every test: work was in flight when the checkpoint was to be taken (a timer).
               cart.test.ts > price
`)
  })

  test('that are equal are one, seen twice', () => {
    const twice = runOf(fileWith({ findings: [wroteFile, wroteFile] }))
    expect(summaryOf(twice)).toContain(
      '2 × A file was written in this test and cannot be rolled back: "x.db" (fs.writeFileSync). (cart.test.ts > cart > adds an item)\n',
    )
  })

  test('that already name their place promise no more', () => {
    expect(summaryOf(runOf(fileWith({ findings: [fellBack] })))).toBe(`
  Forkpoint  fork engine: its preconditions hold here
   Findings  1
             Setup was re-run for every test: work was in flight when the checkpoint was to be taken (a timer). (cart.test.ts > price)
`)
  })

  test('are five at most', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ ...wroteFile, detail: `Finding ${index + 1}.` }))
    const lines = summaryOf(runOf(fileWith({ findings: many }))).split('\n')
    expect(lines.slice(2)).toEqual([
      '   Findings  7',
      ...[1, 2, 3, 4, 5].map(index => `             Finding ${index}. (cart.test.ts > cart > adds an item)`),
      '             and 2 more',
      '             To see where each was made, run with FORKPOINT_TRACE=1.',
      '',
    ])
  })
})
