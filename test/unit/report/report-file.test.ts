import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { toReportFile, writeReportFile } from '../../../src/report/report-file.ts'
import { fileWith, plainSuite, rolledBackSuite, runOf } from './records.ts'

const run = runOf(
  fileWith({
    checkpoints: [rolledBackSuite(), plainSuite()],
    hoisted: 2,
    notHoisted: [{ site: 'cart.test.ts:3:1', why: 'it takes the test context' }],
    findings: [
      { kind: 'fallback', detail: 'Setup was re-run.', suite: 'price', count: 1 },
      { kind: 'fallback', detail: 'Setup was re-run.', suite: 'price', count: 2 },
    ],
  }),
)

const expected = {
  schema: 1,
  forkpoint: manifest.version,
  runner: 'runner@1.2.3',
  node: '20.20.2',
  startedAt: '2026-11-21T00:00:00.000Z',
  wallMs: 1234.568,
  engine: { chosen: 'fork', why: 'its preconditions hold here', refused: [], others: [] },
  files: [{ file: 'cart.test.ts', engine: 0, hoisted: 2, undone: 0 }],
  checkpoints: [
    {
      file: 'cart.test.ts',
      suite: 'cart',
      decision: 'rolled-back',
      why: 'setup 100 ms, restore about 3.0 ms',
      tests: 100,
      warmups: 1,
      setupRuns: 2,
      setupMs: 100,
      takeMs: 12,
      restores: 99,
      restoreMs: { p50: 3, p95: 3, max: 25 },
      residentMb: 88.25,
      worker: 4711,
      timeline: [
        ['plain', 0, 40],
        ...Array.from({ length: 99 }, (_, i) => ['restore', 10 * i, i === 98 ? 25 : 3]),
        ...Array.from({ length: 99 }, (_, i) => ['test', 10 * i, 10]),
      ],
    },
    {
      file: 'cart.test.ts',
      suite: 'price',
      decision: 'plain',
      why: 'setup is cheaper than a rollback (setup 0.2 ms, restore about 3.0 ms)',
      tests: 30,
      warmups: 0,
      setupRuns: 30,
      setupMs: 0.2,
      takeMs: 0,
      restores: 0,
      restoreMs: { p50: 0, p95: 0, max: 0 },
      residentMb: 88.25,
      worker: 4711,
      timeline: Array.from({ length: 30 }, (_, i) => ['plain', 10 * i, 1]),
    },
  ],
  saved: { setupMs: 9800, spentMs: 331 },
  hoisted: 2,
  notHoisted: [{ file: 'cart.test.ts', site: 'cart.test.ts:3:1', why: 'it takes the test context' }],
  findings: [
    { file: 'cart.test.ts', kind: 'fallback', detail: 'Setup was re-run.', suite: 'price', count: 3 },
  ],
}

describe('the report', () => {
  test('has every field of schema 1', () => {
    expect(toReportFile(run)).toStrictEqual(expected)
  })

  test('says that no test file ran', () => {
    expect(toReportFile(runOf()).engine).toEqual({
      chosen: 'off',
      why: 'no test file ran',
      refused: [],
      others: [],
    })
  })

  test('names the engine of most files, and the others beside it', () => {
    const off = { chosen: 'off', why: 'forkpoint was turned off', refused: [] } as const
    const mixed = runOf(fileWith({ engine: { ...off, refused: [] } }), fileWith(), fileWith())
    expect(toReportFile(mixed).engine).toEqual({
      chosen: 'fork',
      why: 'its preconditions hold here',
      refused: [],
      others: [{ chosen: 'off', why: 'forkpoint was turned off', refused: [], files: 1 }],
    })
  })
})

describe('writing it', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'forkpoint-report-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('creates the folders and ends the file with a line break', () => {
    const path = join(folder, 'a/b/report.json')
    writeReportFile(path, run)
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(expected, null, 2)}\n`)
  })

  test("is an error that names the path and the cause when it can't", () => {
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file/report.json')
    let error: unknown
    try {
      writeReportFile(path, run)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      code: 'ERR_FORKPOINT_OPTION',
      path: 'report',
      cause: { code: expect.stringMatching(/^(EEXIST|ENOTDIR)$/) },
    })
    const cause = (error as Error).cause as Error
    expect((error as Error).message).toBe(
      `[forkpoint] Failed to write the report to ${path}: ${cause.message}. ` +
        'Give the option `report` a path that can be written (ERR_FORKPOINT_OPTION)',
    )
  })
})
