import { describe, expect, test } from 'vitest'
import { Attempt } from '../../src/session/attempt.ts'
import type { Level } from '../../src/session/level.ts'
import type { Step } from '../../src/session/step.ts'
import { levelOf } from './journal.ts'

/** Takes at least so long, and the thread with it. */
function spend(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function stepOf(ms: number, kind: Step['kind'] = 'setup'): Step {
  return { kind, run: () => spend(ms), toTeardown: () => undefined }
}

const nothing = (): void => {}

async function runBody(level: Level, ms: number): Promise<void> {
  const attempt = new Attempt(level, false)
  await attempt.runSetups(nothing)
  for (const step of level.chainSteps) await attempt.deliver(step)
  spend(ms)
  attempt.end()
}

describe('one setup is measured', () => {
  test('as the steps of all suites around a test, when they run together', async () => {
    const level = levelOf([stepOf(6)], 1, 'inner', levelOf([stepOf(4)], 1, 'outer'))
    await level.prepare(nothing)
    expect(level.figures.setups[0]).toBeGreaterThanOrEqual(10)
  })

  test('as the steps of all suites around a test, although those outside had run before', async () => {
    const outer = levelOf([stepOf(20)], 1, 'outer')
    const inner = levelOf([stepOf(1)], 1, 'inner', outer)
    await outer.prepare(nothing)
    await inner.prepare(nothing)
    expect(inner.figures.setups[0]).toBeGreaterThanOrEqual(21)
  })

  test('not at all, when nothing was missing', async () => {
    const level = levelOf([stepOf(1)], 1)
    await level.prepare(nothing)
    await level.prepare(nothing)
    expect(level.figures.setups).toHaveLength(1)
  })

  test('in a test that runs the plain way too, hooks at their own place included', async () => {
    const level = levelOf([stepOf(5), stepOf(5, 'hoisted')], 1)
    await runBody(level, 0)
    expect(level.figures.setups[0]).toBeGreaterThanOrEqual(10)
  })
})

describe('one body is measured', () => {
  test('without the setup before it', async () => {
    const level = levelOf([stepOf(30)], 1)
    const start = performance.now()
    await runBody(level, 3)
    const [ms = 0] = level.figures.plainBodies
    expect(ms).toBeGreaterThanOrEqual(3)
    expect(ms).toBeLessThan(performance.now() - start - 30)
  })

  test('without a setup that was prepared before', async () => {
    const level = levelOf([stepOf(30)], 2)
    await level.prepare(nothing)
    const start = performance.now()
    await runBody(level, 3)
    const [ms = 0] = level.figures.plainBodies
    expect(ms).toBeGreaterThanOrEqual(3)
    expect(ms).toBeLessThan(performance.now() - start)
    expect(level.figures.setups).toHaveLength(1)
  })

  test('not when a step before it failed', async () => {
    const failing = { ...stepOf(0), run: () => Promise.reject(new Error('no')) }
    const level = levelOf([failing], 1)
    const attempt = new Attempt(level, false)
    await attempt.runSetups(nothing)
    attempt.end()
    expect([level.figures.plainBodies, level.failedTries]).toEqual([[], 1])
  })
})
