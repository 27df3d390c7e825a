// The lifecycle of checkpoints.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, open, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterFork, beforeFork, checkpoint } from 'forkpoint'
import { errorOf, runScenario } from './scenario.mjs'

let counter = 0
const count = () => ++counter

await runScenario({
  async many() {
    const point = await checkpoint()
    const seen = new Set()
    for (let i = 0; i < 100; i++) seen.add(await point.run(count))
    return { seen: [...seen], outside: counter }
  },

  async identity() {
    const key = {}
    const map = new Map([[key, 1]])
    const weak = new WeakMap([[key, map]])
    const list = [key]
    const point = await checkpoint()
    await point.run(() => {
      map.clear()
      weak.delete(key)
      list.pop()
    })
    return [list[0] === key, map.get(key) === 1, weak.get(key) === map]
  },

  async identifiers() {
    const seen = [randomUUID()]
    const point = await checkpoint()
    for (let i = 0; i < 3; i++) seen.push(await point.run(() => randomUUID()))
    seen.push(randomUUID())
    return new Set(seen).size
  },

  async movesOn() {
    const point = await checkpoint()
    const first = await point.run(count)
    counter = 10
    return [first, await point.run(count)]
  },

  async nested() {
    const outer = await checkpoint()
    const inside = await outer.run(async () => {
      counter += 10
      // The threads that read are of this run.
      await readFile(import.meta.filename)
      const inner = await checkpoint()
      const deep = async () => {
        counter += 100
        const innermost = await checkpoint()
        return [await innermost.run(count), await innermost.run(count), counter]
      }
      return [await inner.run(deep), await inner.run(deep), counter]
    })
    return { inside, outside: counter }
  },

  /** As compilers write asynchronous functions for old targets: closures around a generator, garbage once it has ended. */
  async endedCall() {
    const drive = generator =>
      new Promise(resolve => {
        const next = value => {
          const step = generator.next(value)
          if (step.done) resolve(step.value)
          else step.value.then(next)
        }
        next()
      })
    await drive(
      (function* () {
        yield Promise.resolve()
        count()
      })(),
    )
    const point = await checkpoint()
    return [await point.run(count), await point.run(count), counter]
  },

  async nestedError() {
    const outer = await checkpoint()
    return errorOf(
      outer.run(async () => {
        const inner = await checkpoint()
        return inner.run(() => process.exit(4))
      }),
    )
  },

  async disposed() {
    const point = await checkpoint()
    await point.dispose()
    await point.dispose()
    return errorOf(point.run(count))
  },

  async disposedByUsing() {
    const point = await checkpoint()
    await point[Symbol.asyncDispose]()
    return errorOf(point.run(count))
  },

  async disposedMeanwhile() {
    const point = await checkpoint()
    const running = point.run(count)
    await point.dispose()
    return [await running, await errorOf(point.run(count))]
  },

  async twoAtOnce() {
    const point = await checkpoint()
    const both = await Promise.all([errorOf(point.run(count)), errorOf(point.run(count))])
    return [...both, await point.run(count)]
  },

  async twoPointsAtOnce() {
    const points = [await checkpoint(), await checkpoint()]
    const both = await Promise.all(points.map(point => errorOf(point.run(count))))
    return [...both, await points[1].run(count)]
  },

  async runOfItself() {
    const point = await checkpoint()
    return point.run(() => errorOf(point.run(count)))
  },

  async busy() {
    const point = await checkpoint()
    const folder = mkdtempSync(join(tmpdir(), 'forkpoint-'))
    const fifo = join(folder, 'fifo')
    spawnSync('mkfifo', [fifo])
    // Opening it waits in the thread pool until somebody opens the other end.
    const opened = new Promise(resolve => open(fifo, 'r', resolve))
    const refused = [await errorOf(checkpoint()), await errorOf(point.run(count))]
    open(fifo, 'w', () => {})
    await opened
    rmSync(folder, { recursive: true })
    return [...refused, await point.run(count)]
  },

  async callbacks() {
    const calls = []
    beforeFork(() => calls.push('first before'))
    beforeFork(async () => calls.push('second before'))
    afterFork(async () => calls.push('after'))
    const point = await checkpoint()
    return { inside: await point.run(() => [...calls]), again: await point.run(() => calls), outside: calls }
  },

  async failingCallback() {
    afterFork(() => {
      throw new RangeError('no connection')
    })
    const point = await checkpoint()
    return errorOf(point.run(count))
  },
})
