import { describe, expect, test } from 'vitest'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

describe.each(targetNames)('%s', target => {
  // Node 20, which runs Vitest 4, has no SQLite.
  const args = target === 'vitest-4' ? ['--exclude', 'sqlite.test.ts'] : []
  const rolledBack = sharedRun({ target, files: 'state', plugin: { engine: 'fork', warmup: 0 }, args })
  const left = sharedRun({ target, files: 'state', plugin: false, args, env: { CONTROL: '1' } })

  test.concurrent('state of every kind is back for each test', async () => {
    const { exitCode, leftover, captured } = await rolledBack()
    const states = Object.entries(captured.tasks).filter(([, { state }]) => state !== 'passed')
    expect({ exitCode, leftover, states }).toEqual({ exitCode: 0, leftover: [], states: [] })
  })

  test.concurrent('each test has a process of its own, which answers its requests too', async () => {
    const { captured } = await rolledBack()
    const pids = Object.entries(captured.tasks).flatMap(([name, { meta }]) =>
      name.endsWith('a server') ? [meta.pid] : [],
    )
    expect([pids.length, new Set(pids).size]).toEqual([2, 2])
  })

  test.concurrent('without a rollback every kind of it leaks, which these tests would see', async () => {
    const outcomes = Object.entries(outcomesOf(await left()))
    const unexpected = outcomes.filter(
      ([name, outcome]) => name.includes('second round') !== outcome.startsWith('failed'),
    )
    expect(unexpected).toEqual([])
    expect(outcomes.map(([name]) => name)).toEqual(Object.keys(outcomesOf(await rolledBack())))
  })
})
