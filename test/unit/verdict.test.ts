import { expect, test } from 'vitest'
import { isUnexplained, judge } from '../../src/cli/try/verdict.ts'
import { toReportFile } from '../../src/report/report-file.ts'
import type { FileRecord } from '../../src/report/run-record.ts'
import { fileWith, plainSuite, rolledBackSuite, runOf } from './report/records.ts'

const verdict = (plainMs: number, forkpointMs: number, file: Partial<FileRecord>): unknown =>
  judge(plainMs, forkpointMs, toReportFile(runOf(fileWith(file))))

// 9.8 s of setup not run, 331 ms spent.
const rolledBack = { checkpoints: [rolledBackSuite()], hoisted: 1 }
const hardly = { checkpoints: [rolledBackSuite({ setupMs: 4, plainBodyMs: [10] })], hoisted: 1 }

test.each([
  [
    'a run that is faster',
    verdict(12_400, 3_100, rolledBack),
    true,
    'It pays. A run takes 3.10 s instead of 12.4 s, which is 4.0 times as fast.',
  ],
  [
    'a gain that is lost in the time of a run',
    verdict(30_000, 29_900, hardly),
    true,
    'It saves 61 ms of setup, too little to be seen in the time of a run. A run takes 29.9 s instead of 30.0 s.',
  ],
  [
    'a run that is slower',
    verdict(1_000, 1_400, hardly),
    false,
    'It does not pay here. A run takes 1.40 s instead of 1.00 s, 400 ms longer.',
  ],
  [
    'a run that is slower though much of it was saved',
    verdict(12_400, 13_400, rolledBack),
    false,
    "It can't be told whether it pays. A run takes 13.4 s instead of 12.4 s, though within it 9.80 s of setup was not run and 331 ms spent on rolling back. Try again when the machine has nothing else to do.",
  ],
  [
    'setups that cost next to nothing',
    verdict(2_000, 2_010, { checkpoints: [plainSuite()], hoisted: 1 }),
    false,
    'It does not pay here: all setups together take 6.0 ms, less than rolling back would. A run takes 2.01 s instead of 2.00 s.',
  ],
  [
    'no hook to hoist',
    verdict(2_000, 2_010, {}),
    false,
    'There is nothing to roll back: no suite has a `beforeEach` hook that can be run once. A run takes 2.01 s instead of 2.00 s.',
  ],
])('the verdict on %s', (_, given, pays, words) => {
  expect(given).toEqual({ pays, words })
})

test.each([
  [
    'a run that is slower though nothing was rolled back',
    60_000,
    80_000,
    { checkpoints: [plainSuite()] },
    true,
  ],
  [
    'a run that is faster though nothing was rolled back',
    80_000,
    60_000,
    { checkpoints: [plainSuite()] },
    true,
  ],
  ['a run that is slower though much of it was saved', 12_400, 13_400, rolledBack, true],
  ['a run that is faster by what was saved', 12_400, 3_100, rolledBack, false],
  [
    'a run that takes as long, with nothing rolled back',
    60_000,
    61_000,
    { checkpoints: [plainSuite()] },
    false,
  ],
])('whether %s is timed again', (_, plainMs, forkpointMs, file, isAgain) => {
  expect(isUnexplained(plainMs, forkpointMs, toReportFile(runOf(fileWith(file))))).toBe(isAgain)
})
