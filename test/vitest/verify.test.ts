import { describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { sharedRun } from './shared-run.ts'

const head = `
import { writeSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { setup } from 'forkpoint'
import { count, times } from './count'
`

const files = {
  'count.ts': `
    import { appendFileSync, existsSync, readFileSync } from 'node:fs'
    import { join } from 'node:path'
    const path = join(import.meta.dirname, 'counted.txt')
    export const count = (line: string) => appendFileSync(path, line + '\\n')
    /** How often a line has been counted, this time included: no rollback takes it back. */
    export function times(line: string) {
      count(line)
      return readFileSync(path, 'utf8').split('\\n').filter(each => each === line).length
    }
  `,
  'steady.test.ts': `${head}
    const seen: string[] = []
    setup(() => { seen.push('setup') })
    beforeEach(() => { console.log('before') })
    afterEach(() => { seen.push('after') })
    test('prints once', async ({ annotate, onTestFinished }) => {
      times('prints'); expect(seen).toEqual(['setup']); seen.push('test')
      console.log('printed'); console.error('told'); process.stdout.write('raw: written\\n')
      onTestFinished(() => console.log('finished'))
      await annotate('noted')
    })
    test('has its snapshots once', ({ task }) => {
      times('snapshots'); task.meta.own = times('meta') as never
      expect({ seen }).toMatchSnapshot()
      expect(seen).toMatchInlineSnapshot()
    })
    test('fails once', () => { times('fails'); seen.push('x'); expect(seen).toEqual(['setup']) })
    test('is tried again', { retry: 2 }, ({ task }) => {
      times('retried'); expect(task.result?.retryCount).toBe(1)
    })
    test('the fifth is not verified', () => { times('fifth') })
  `,
  'concurrent.test.ts': `${head}
    setup(() => {})
    describe.concurrent('are passed over', () => {
      test('a', async ({ expect }) => {
        times('concurrent a'); await new Promise(done => setTimeout(done, 20)); expect(1).toMatchSnapshot()
      })
      test('b', ({ expect }) => { times('concurrent b'); expect(2).toMatchSnapshot() })
    })
  `,
  'unstable.test.ts': `${head}
    setup(() => {})
    describe('inner', () => {
      test('passes only once', () => { expect(times('once')).toBe(1) })
    })
    test('fails with another message', () => { throw new Error('time ' + times('message')) })
    test('is skipped the second time', ({ skip }) => { skip(times('skip') === 2) })
    test('has another snapshot', () => { expect('time ' + times('snapshot')).toMatchSnapshot() })
  `,
}

const verified = 4
const plugin = { warmup: 0, report: 'report.json' }
const causes =
  'It depends on what a rollback does not bring back: time, chance, files, another process, or state that the engine does not see.'

function findingsOf(run: SuiteRun): Record<string, unknown> {
  const { findings } = JSON.parse(run.files['report.json'] ?? '{}')
  return Object.fromEntries(
    (findings as Array<Record<'kind' | 'suite' | 'test' | 'detail', string>>).map(
      ({ kind, suite, test: name, detail }) => [`${suite} > ${name}`, `${kind}: ${detail}`],
    ),
  )
}

describe.each(targetNames)('%s', target => {
  describe.each(['fork', 'heap'])('%s engine', engine => {
    const once = sharedRun({ target, files, plugin: { ...plugin, engine } })
    const twice = sharedRun({ target, files, plugin: { ...plugin, engine, verify: verified } })

    test('tests that are verified look to the user as if they had run once', async () => {
      const runs = await Promise.all([once(), twice()])
      const options = { except: [/^files\.(?:report\.json|counted\.txt)/] }
      expect(compareRuns(...runs, options).join('\n'), runs[1].stderr).toBe('')
    })

    test('the first tests of each suite that are rolled back run twice, but for what is tried again', async () => {
      const { files } = await twice()
      const lines = (files['counted.txt'] ?? '').trim().split('\n')
      const counts: Record<string, number> = {}
      for (const line of lines) counts[line] = (counts[line] ?? 0) + 1
      expect(counts).toEqual({
        prints: 2,
        snapshots: 2,
        meta: 2,
        fails: 2,
        retried: 3,
        fifth: 1,
        once: 2,
        message: 2,
        skip: 2,
        snapshot: 2,
        'concurrent a': 1,
        'concurrent b': 1,
      })
    })

    test('and what differs is reported with both outcomes', async () => {
      const found = (one: string, other: string): string =>
        `unstable: Run twice from one checkpoint, the test had two outcomes: first it ${one}, then it ${other}. ${causes}`
      expect(findingsOf(await twice())).toEqual({
        'inner > passes only once': found('passed', 'failed with "expected 2 to be 1 // Object.is equality"'),
        ' > fails with another message': found('failed with "time 1"', 'failed with "time 2"'),
        ' > is skipped the second time': found('passed', 'was skipped'),
        ' > has another snapshot': found(
          'gave the snapshot "has another snapshot 1: \\"time 1\\""',
          'gave the snapshot "has another snapshot 1: \\"time 2\\""',
        ),
      })
      expect(findingsOf(await once())).toEqual({})
    })
  })
})
