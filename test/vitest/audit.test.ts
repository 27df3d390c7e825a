import { describe, expect, test } from 'vitest'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { failuresOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const plugin = { engine: 'heap', warmup: 0, report: 'report.json' }

/** Code that no transform sees. */
const files = {
  'hidden.test.ts': `
    import { afterAll, describe, expect, test, vi } from 'vitest'
    import { setup } from 'forkpoint'
    const next = new Function('let n = 0; return () => ++n')()
    const spy = vi.fn(() => 1)
    let seen = 0
    setup(() => { spy(); seen = 1 })
    test('changes nothing', () => { spy(); seen++ })
    describe('inner', () => {
      test('counts', () => { next(); next(); expect(seen).toBe(1) })
    })
    test('is the last', () => { expect(next()).toBe(3) })
  `,
}

function findingsOf(run: SuiteRun): unknown {
  return JSON.parse(run.files['report.json'] ?? '{}').findings
}

describe.each(targetNames)('%s', target => {
  test('what a test has changed that does not come back is told of that test', async () => {
    const run = await sharedRun({ target, files, plugin: { ...plugin, audit: true } })()
    expect([run.exitCode, failuresOf(run)]).toEqual([0, {}])
    expect(findingsOf(run)).toEqual([
      {
        kind: 'unrestorable',
        detail:
          'After a rollback `hidden.test.ts › next › n` was 0 and is 2; the heap engine does not see it: build it in the test, ' +
          'leave it out with exclude(), or leave this suite to the fork engine.',
        suite: 'inner',
        test: 'counts',
        file: '<dir>/hidden.test.ts',
        count: 1,
      },
    ])
  })

  test('where all comes back nothing is found', async () => {
    const args = ['ledger', 'spies', 'modules', 'nested', 'fixtures']
    const options = { target, files: 'existing', args, env: { FORKPOINT_AUDIT: '1' } }
    const run = await sharedRun({ ...options, plugin: { ...plugin, hoist: true } })()
    expect(findingsOf(run)).toEqual([])
    expect(JSON.parse(run.files['report.json'] ?? '{}').checkpoints.length).toBeGreaterThan(5)
  })
})
