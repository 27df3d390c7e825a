// What works in a child after fork(2): the loop, the thread pool, the compiler, the collector.
import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { load } from '../../stress/load.mjs'
import { addon, branch, runScenario } from './branch.mjs'

const inChild = (step, options) => async () => {
  await load[step](() => 1)
  return branch(async () => {
    await load[step](() => 1)
    return `${step} done`
  }, options)
}

await runScenario({
  ...Object.fromEntries(Object.keys(load).map(step => [step, inChild(step)])),

  collectGarbageWithWorkers: inChild('collectGarbage', { resetCondvars: true }),

  async interval() {
    let ticks = 0
    setInterval(() => ticks++, 20).unref()
    const { value } = await branch(async () => {
      const before = ticks
      while (ticks < before + 3) await new Promise(resolve => setTimeout(resolve, 1))
      return true
    })
    return { child: value, parent: ticks }
  },

  async activeRequests() {
    const counts = [addon.activeRequests()]
    const keys = [1, 2].map(() => promisify(pbkdf2)('password', 'salt', 1000, 32, 'sha256'))
    counts.push(addon.activeRequests())
    await Promise.all(keys)
    counts.push(addon.activeRequests())
    return counts
  },

  async memory() {
    const before = addon.residentBytes()
    const bytes = Buffer.alloc(64 << 20, 'forkpoint')
    const grown = addon.residentBytes() - before
    const [blocks, ms, failures] = addon.collapse(16 << 20)
    const { value } = await branch(() => bytes.equals(Buffer.alloc(64 << 20, 'forkpoint')))
    return { grown: grown >= 60e6, tried: blocks + failures >= 30, timed: ms > 0, same: value }
  },
})
