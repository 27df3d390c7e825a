import { expect, test } from 'vitest'
import type { InPlaceEngine, Obstacle, PlaceState } from '../../src/engine.ts'
import { InPlaceSession } from '../../src/session/in-place-session.ts'
import { Level } from '../../src/session/level.ts'
import { alone } from './run-test.ts'

/** A state of one number, put back at a price. */
class NumberEngine implements InPlaceEngine {
  readonly name = 'heap'
  value = 0
  /** What a restore says that it can't put back. */
  obstacles: Obstacle[] = []
  restoreMs = 0

  refuse(): null {
    return null
  }
  async quiesce(): Promise<Obstacle[]> {
    return []
  }
  beginFixture(): void {}
  expectRestore(): void {}
  take(): PlaceState {
    const { value } = this
    return {
      objects: 1,
      restore: () => {
        const end = performance.now() + this.restoreMs
        while (performance.now() < end);
        this.value = value
        return this.obstacles
      },
      findChanges: () => [],
      release: () => {},
    }
  }
  estimateTakeMs(): number {
    return 0
  }
  estimateMs(): number {
    return this.restoreMs
  }
  noteRestore(): void {}
}

/** Runs tests that each find the state and move it on; what they found. */
async function runTests(engine: NumberEngine, warmup: 'auto' | number, tests: number): Promise<number[]> {
  const run = (): void => {
    engine.value = 10
  }
  const step = { kind: 'setup' as const, run, toTeardown: () => undefined }
  const level = new Level({ file: 'a.test.ts', suite: '', parent: null, steps: [step], tests })
  const session = new InPlaceSession({
    engine,
    warmup,
    beforeSteps: () => {},
    beforeTake: async () => {},
    disk: null,
    guard: null,
  })
  const found: number[] = []
  for (let i = 0; i < tests; i++) {
    await session.enterTest(level, alone)
    const attempt = await session.startTry(level)
    found.push(engine.value)
    engine.value++
    attempt.end()
  }
  await session.endSuite(level)
  return found
}

test('every test finds the state that the setup has made', async () => {
  expect(await runTests(new NumberEngine(), 0, 4)).toEqual([10, 10, 10, 10])
})

test('so do those of a suite that turns out to be cheaper the plain way', async () => {
  const engine = new NumberEngine()
  // Assumed to be cheap, it is not.
  engine.estimateMs = () => -100
  engine.restoreMs = 3
  expect(await runTests(engine, 'auto', 12)).toEqual(Array.from({ length: 12 }, () => 10))
})

test('and those of a suite with something in it that can not be put back', async () => {
  const engine = new NumberEngine()
  const session = runTests(engine, 0, 6)
  engine.obstacles = [{ why: 'it has been settled', remedy: 'build it in the test' }]
  expect(await session).toEqual([10, 10, 10, 10, 10, 10])
})
