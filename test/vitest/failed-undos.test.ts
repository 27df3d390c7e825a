import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { runSuite } from '../support/run-suite.ts'
import { outcomesOf } from './outcomes.ts'

const head = `
  import { execFileSync } from 'node:child_process'
  import fs from 'node:fs'
  import { onRollback, rollbackSafe, setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  let setups = 0
`

const files = {
  // What another process writes is nothing to take away.
  'changed.test.ts': `${head}
    setup(() => {
      fs.writeFileSync('shared.txt', 'original')
    })
    test('shares a file', () => {
      fs.writeFileSync('shared.txt', 'by the test')
      const write = ['-e', 'fs.writeFileSync("shared.txt", "by another process")']
      rollbackSafe(() => execFileSync(process.execPath, write), { why: 'it is what this test is about' })
    })
    test('has the file of its setup', () => {
      expect(fs.readFileSync('shared.txt', 'utf8')).toBe('original')
    })
  `,
  // What a nested suite can't undo may be of the suite around it.
  'nested.test.ts': `${head}
    setup(() => {
      fs.writeFileSync('around.txt', 'original')
    })
    test('comes first', () => {})
    describe('nested', () => {
      setup(() => {})
      test('shares a file of the suite around', () => {
        fs.writeFileSync('around.txt', 'by the test')
        const write = ['-e', 'fs.writeFileSync("around.txt", "by another process")']
        rollbackSafe(() => execFileSync(process.execPath, write), { why: 'it is what this test is about' })
      })
      test('has the file of the suite around', () => {
        expect(fs.readFileSync('around.txt', 'utf8')).toBe('original')
      })
    })
    test('comes last, and has the file of its setup', () => {
      expect(fs.readFileSync('around.txt', 'utf8')).toBe('original')
    })
  `,
  'journal.test.ts': `${head}
    setup(() => {
      fs.writeFileSync('own.txt', 'original')
    })
    test('loses its journal', () => {
      fs.writeFileSync('own.txt', 'changed')
      const journals = ['.', '..']
        .map(folder => folder + '/node_modules/.cache/forkpoint/journal')
        .find(folder => fs.existsSync(folder))
      // That of this process, or of the one that it was forked from: there may be those of other runs.
      const own = fs.readdirSync(journals).find(name => [process.pid, process.ppid].includes(Number.parseInt(name)))
      const remove = ['-e', 'fs.rmSync(process.argv[1], { recursive: true })', journals + '/' + own]
      rollbackSafe(() => execFileSync(process.execPath, remove), { why: 'it is what this test is about' })
    })
    test('has the file of its setup', () => {
      expect(fs.readFileSync('own.txt', 'utf8')).toBe('original')
    })
  `,
  'undo.test.ts': `${head}
    setup(() => {
      fs.writeFileSync('setups.txt', String(++setups))
    })
    test('has an undo that fails', () => {
      onRollback(() => {
        throw new Error('the server is gone')
      })
    })
    test('has a setup of its own', () => {
      expect(setups).toBe(2)
    })
  `,
}

describe.each([
  ['vitest-4', 'fork'],
  ['vitest-5', 'heap'],
] as const)('%s, %s engine', (target, engine) => {
  test('after an undo that fails the setup is re-run, and the report says what failed', async () => {
    const ended = await runSuite({
      target,
      files,
      plugin: { engine, warmup: 0, report: 'report.json' },
    })
    const outcomes = outcomesOf(ended)
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'passed')).toEqual([
      ['undo.test.ts > has an undo that fails', 'failed: the server is gone'],
    ])
    const { findings } = JSON.parse(ended.files['report.json'] ?? '{}') as { findings: Finding[] }
    const told = (kind: string): string[] =>
      findings
        .filter(each => each.kind === kind)
        .map(({ suite = '', test: name = '', detail, count }) => {
          return `${suite} > ${name}: ${detail} × ${count}`.replace(
            /; its content before the test is in [^;]*\/\w+\.txt/,
            '',
          )
        })
        .sort()
    const changed = '<dir>/shared.txt could not be put back: another process has changed it since'
    const around = '<dir>/around.txt could not be put back: another process has changed it since'
    const gone = '<dir>/own.txt could not be put back: the journal of the test was removed while it ran'
    const undo = 'An undo given to `onRollback()` has failed: the server is gone'
    expect(told('unrestorable')).toEqual(
      [
        ` > has an undo that fails: ${undo}. × 1`,
        ` > loses its journal: ${gone}. × 1`,
        ` > shares a file: ${changed}. × 1`,
        `nested > shares a file of the suite around: ${around}. × 1`,
      ].sort(),
    )
    const where =
      engine === 'fork' ? 'the process of that test has ended with it' : 'the process of that test goes on'
    const fallback = (suite: string, why: string): string =>
      `${suite} > : Setup was re-run for every test: what a test did outside is not undone: ${why}; ${where}. × 1`
    expect(told('fallback')).toEqual(
      [...[undo, gone, changed, around].map(why => fallback('', why)), fallback('nested', around)].sort(),
    )
  })
})
