import { expect, test } from 'vitest'
import { describeUnstable, type TestOutcome } from '../../src/session/describe-unstable.ts'

const passed: TestOutcome = { state: 'pass', messages: [], snapshots: ['a: 1'] }
const failed: TestOutcome = { state: 'fail', messages: ['same', 'boom'], snapshots: [] }

test.each<[what: string, first: TestOutcome, second: TestOutcome, words: string]>([
  ['another state', passed, { ...passed, state: 'skip' }, 'first it passed, then it was skipped'],
  ['an error', passed, failed, 'first it passed, then it failed with "same"'],
  [
    'another message',
    failed,
    { ...failed, messages: ['same', 'bang'] },
    'first it failed with "boom", then it failed with "bang"',
  ],
  [
    'a message less',
    failed,
    { ...failed, messages: ['same'] },
    'first it failed with "boom", then it failed with "same"',
  ],
  ['an error without a message', passed, { ...passed, state: 'fail' }, 'first it passed, then it failed'],
  [
    'another snapshot',
    passed,
    { ...passed, snapshots: ['a: 2'] },
    'first it gave the snapshot "a: 1", then it gave the snapshot "a: 2"',
  ],
  [
    'a snapshot more',
    passed,
    { ...passed, snapshots: ['a: 1', 'b'.repeat(300)] },
    `first it gave no snapshot, then it gave the snapshot "${'b'.repeat(200)}…"`,
  ],
])('%s is told', (_, first, second, words) => {
  expect(describeUnstable(first, second)).toBe(
    `Run twice from one checkpoint, the test had two outcomes: ${words}. It depends on what a rollback does not bring back: ` +
      'time, chance, files, another process, or state that the engine does not see.',
  )
})

test('the same outcome is nothing to tell of', () => {
  expect(describeUnstable(failed, { ...failed, messages: ['same', 'boom'] })).toBe(null)
})
