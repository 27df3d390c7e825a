import { release } from 'node:os'
import { describe, expect, test } from 'vitest'
import { loadAddon } from '../../src/fork/addon.ts'
import { ForkEngine } from '../../src/fork/engine.ts'
import { surveyProcess } from '../../src/fork/preconditions.ts'
import { watchProcess } from '../../src/fork/watch-process.ts'
import { runScript } from './run-script.ts'

const watch = watchProcess()
const engineHere = (): ForkEngine => new ForkEngine(surveyProcess(loadAddon(), watch), watch)

function tell(scenario: string): unknown {
  const { value, stderr } = runScript('engine', scenario)
  expect(stderr).toBe('')
  return value
}

describe('a branch', () => {
  test('that blocks its thread is ended after the deadline', () => {
    expect(tell('busy')).toEqual({ kind: 'timeout', afterMs: 300 })
  })

  test('that lives, and takes longer than the deadline, is not', () => {
    expect(tell('alive')).toEqual({ kind: 'value', value: 'ended' })
  })

  test('leaves no descriptor and no process: a thousand leave none', () => {
    expect(tell('leftovers')).toEqual({ descriptors: 0, children: [] })
  })

  test('without a deadline may block its thread', () => {
    expect(tell('patient')).toEqual({ kind: 'value', value: 'ended' })
  })

  test('is measured from outside, its body included', () => {
    expect(tell('duration')).toBe(true)
  })

  test.skipIf(release() < '6.1')('has huge pages under its memory once forks have cost enough', () => {
    expect(tell('hugePages')).toEqual([0, true, true])
  })

  test('does not copy the garbage of a heap that has grown large', () => {
    expect(tell('heapBound')).toEqual({ before: true, after: true, isExposedAsBefore: true, lists: null })
  })

  test('is a process of its own that knows its id', () => {
    expect(tell('pid')).toEqual([true, true])
  })

  test('works although timers, clock and file functions were replaced by user code', () => {
    expect(tell('replacedBuiltins')).toEqual({ obstacles: [], outcome: { kind: 'value', value: 'ended' } })
  })

  test('ends with its value, whatever exit code it has set', () => {
    expect(tell('exitCode')).toEqual({ kind: 'value', value: 'ended' })
  })
})

describe('the estimate of what a branch costs', () => {
  test('grows with resident memory as long as nothing was measured', () => {
    const resident = process.memoryUsage.rss() / 2 ** 20
    const estimate = engineHere().estimateMs()
    expect(estimate).toBeGreaterThan(2 + 0.12 * resident * 0.5)
    expect(estimate).toBeLessThan(2 + 0.12 * resident * 2)
  })

  test('is the median of the last eight, once some were measured', () => {
    const engine = engineHere()
    engine.noteRestore(7)
    expect(engine.estimateMs()).toBe(7)
    for (const ms of [100, 100, 1, 2, 3, 4, 5, 6, 7]) engine.noteRestore(ms)
    expect(engine.estimateMs()).toBe(4.5)
  })
})

test('without its addon it refuses with the reason, and to be used anyway is an error', async () => {
  const engine = new ForkEngine(surveyProcess({ why: 'no binary here', remedy: 'build it' }, watch), watch)
  expect(engine.refuse()).toEqual({
    engine: 'fork',
    check: 'addon',
    why: 'no binary here',
    remedy: 'build it',
  })
  const message = 'the fork engine was used without its addon: no binary here'
  expect(() => engine.branch({ deadlineMs: 0, key: '', followed: 0 })).toThrow(message)
  await expect(engine.quiesce()).rejects.toThrow(message)
})
