import { expect, test } from 'vitest'
import type { CheckpointRecord } from '../../src/report/run-record.ts'
import { mergeRecords } from '../../src/session/merge-records.ts'

function record(given: Partial<CheckpointRecord>): CheckpointRecord {
  return {
    file: 'a.test.ts',
    suite: 'shop',
    decision: 'plain',
    why: 'measuring',
    setupRuns: 0,
    setupMs: 0,
    takeMs: 0,
    warmups: 0,
    restores: 0,
    restoreMs: [],
    bodyMs: [],
    plainBodyMs: [],
    tests: 4,
    residentMb: 80,
    worker: 4711,
    timeline: [],
    ...given,
  }
}

const outer = record({
  setupRuns: 3,
  setupMs: 10,
  warmups: 2,
  plainBodyMs: [60, 10],
  why: 'the outer process',
})
const branch = record({
  decision: 'rolled-back',
  why: 'its branch',
  setupRuns: 1,
  setupMs: 30,
  takeMs: 2,
  restores: 2,
  restoreMs: [4, 5],
  bodyMs: [11, 12],
  residentMb: 90,
})
const both = record({
  decision: 'rolled-back',
  why: 'its branch',
  setupRuns: 4,
  setupMs: 15,
  takeMs: 2,
  warmups: 2,
  restores: 2,
  restoreMs: [4, 5],
  bodyMs: [11, 12],
  plainBodyMs: [60, 10],
  residentMb: 90,
})

test('a suite measured in several processes is one record, decided where it was rolled back', () => {
  expect(mergeRecords([outer, branch])).toEqual([both])
  expect(mergeRecords([branch, outer])).toEqual([both])
})

test('of two that decided the same, the first gives the reason', () => {
  const second = record({ why: 'the second', setupRuns: 1, setupMs: 2 })
  expect(mergeRecords([record({ why: 'the first' }), second])).toEqual([
    record({ why: 'the first', setupRuns: 1, setupMs: 2 }),
  ])
})

test('no setup at all costs nothing', () => {
  expect(mergeRecords([record({}), record({})])).toEqual([record({})])
})

test('suites of the same name in different files, and different suites, stay apart and in order', () => {
  const records = [record({ suite: 'b' }), record({ file: 'b.test.ts' }), record({ suite: '' })]
  expect(mergeRecords(records)).toEqual(records)
})

test('what is given is not changed', () => {
  const given = [structuredClone(outer), structuredClone(branch)]
  mergeRecords(given)
  expect(given).toEqual([outer, branch])
})
