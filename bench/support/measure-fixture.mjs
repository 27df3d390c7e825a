// node FLAGS measure-fixture.mjs FIXTURE WAY: measures one way to have a fixture fresh for every test, and prints medians as
// JSON. A process of its own for each: what one leaves behind would weigh on the next.
const { checkpoint } = await import(new URL('../../dist/index.mjs', import.meta.url))

import { median } from './time-runs.mjs'

const [, , name, way] = process.argv
const { body, build, clone, dispose, rounds, title, transaction } = await import(`../fixtures/${name}.mjs`)

/** First tests of a suite run in the process that is then branched from: so many, as `warmup: 'auto'` does at most. */
const WARM_UPS = 3

async function time(run) {
  const start = performance.now()
  const value = await run()
  return { value, ms: performance.now() - start }
}

/** A fixture built after some tests have run with one of their own. */
async function buildWarm() {
  for (let i = 0; i < WARM_UPS; i++) {
    const state = await build()
    await body(state)
    await dispose?.(state)
  }
  return build()
}

async function repeat(count, reset, after) {
  const runs = []
  for (let i = 0; i < count; i++) {
    const { value: state, ms } = await time(reset)
    const bodyMs = (await time(() => body(state))).ms
    const end = await time(() => after?.(state))
    runs.push({ resetMs: ms + end.ms, bodyMs })
  }
  return runs
}

async function rollBack(state) {
  const point = await checkpoint()
  const runs = []
  for (let i = 0; i < rounds.fork; i++) {
    const { value: bodyMs, ms } = await time(() => point.run(async () => (await time(() => body(state))).ms))
    runs.push({ resetMs: ms - bodyMs, bodyMs })
  }
  return runs
}

const WAYS = {
  rebuild: () => repeat(rounds.rebuild, build, dispose),
  async clone() {
    const saved = await clone.save(await build())
    return repeat(rounds.clone, () => clone.load(saved), dispose)
  },
  async transaction() {
    const state = await buildWarm()
    const begin = async () => {
      await transaction.begin(state)
      return state
    }
    return repeat(rounds.fork, begin, transaction.rollback)
  },
  fork: async () => rollBack(await buildWarm()),
  'fork, cold': async () => rollBack(await build()),
  heap: async () => rollBack(await buildWarm()),
  /** The body over and over on one fixture: what it takes where nothing is reset. */
  async warm() {
    const state = await buildWarm()
    return repeat(rounds.fork, () => state)
  },
}

if ((way === 'clone' && !clone) || (way === 'transaction' && !transaction)) {
  console.log('null')
} else {
  const runs = await WAYS[way]()
  const of = pick => median(runs.map(pick))
  const figures = {
    resetMs: of(run => run.resetMs),
    bodyMs: of(run => run.bodyMs),
    totalMs: of(run => run.resetMs + run.bodyMs),
  }
  console.log(
    JSON.stringify({
      title,
      clone: clone?.name,
      residentMb: process.memoryUsage.rss() / 2 ** 20,
      ...figures,
    }),
  )
}
