import type { CheckpointRecord, FileRecord, RunRecord, Span } from '../../../src/report/run-record.ts'
import { formatSummary, type SummaryOptions } from '../../../src/report/summary.ts'

const START = Date.UTC(2026, 10, 21)

/** What happened, one thing every 10 ms from the start of the run. */
function spansOf(what: Span[0], times: readonly number[]): Span[] {
  return times.map((ms, i) => [what, START + 10 * i, ms])
}

/** A suite of 100 tests with a setup of 100 ms that was rolled back after one warm-up. */
export function rolledBackSuite(changes: Partial<CheckpointRecord> = {}): CheckpointRecord {
  return {
    file: 'cart.test.ts',
    suite: 'cart',
    decision: 'rolled-back',
    why: 'setup 100 ms, restore about 3.0 ms',
    setupRuns: 2,
    setupMs: 100,
    takeMs: 12,
    warmups: 1,
    restores: 99,
    restoreMs: [...Array.from({ length: 98 }, () => 3), 25],
    bodyMs: Array.from({ length: 99 }, () => 10),
    plainBodyMs: [40],
    tests: 100,
    residentMb: 88.25,
    worker: 4711,
    timeline: [
      ...spansOf('plain', [40]),
      ...spansOf('restore', [...Array.from({ length: 98 }, () => 3), 25]),
      ...spansOf(
        'test',
        Array.from({ length: 99 }, () => 10),
      ),
    ],
    ...changes,
  }
}

/** A suite of 30 tests whose setup takes 0.2 ms. */
export function plainSuite(changes: Partial<CheckpointRecord> = {}): CheckpointRecord {
  return {
    ...rolledBackSuite(),
    suite: 'price',
    decision: 'plain',
    why: 'setup is cheaper than a rollback (setup 0.2 ms, restore about 3.0 ms)',
    setupRuns: 30,
    setupMs: 0.2,
    takeMs: 0,
    warmups: 0,
    restores: 0,
    restoreMs: [],
    bodyMs: [],
    plainBodyMs: Array.from({ length: 30 }, () => 1),
    tests: 30,
    timeline: spansOf(
      'plain',
      Array.from({ length: 30 }, () => 1),
    ),
    ...changes,
  }
}

export function fileWith(changes: Partial<FileRecord> = {}): FileRecord {
  return {
    file: 'cart.test.ts',
    engine: { chosen: 'fork', why: 'its preconditions hold here', refused: [] },
    checkpoints: [],
    hoisted: 0,
    notHoisted: [],
    findings: [],
    ...changes,
  }
}

export function runOf(...files: FileRecord[]): RunRecord {
  return {
    runner: 'runner@1.2.3',
    node: '20.20.2',
    files,
    startedAt: START,
    wallMs: 1234.5678,
  }
}

/** As a terminal shows it that has no colours. */
export function summaryOf(run: RunRecord, options: Partial<SummaryOptions> = {}): string {
  return `\n${formatSummary(run, { colors: false, trace: false, ...options })}\n`
}
