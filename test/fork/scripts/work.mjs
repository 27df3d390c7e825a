// What works in a child after fork(2): the loop, the thread pool, the compiler, the collector.
import { pbkdf2 } from 'node:crypto'
import { readFileSync } from 'node:fs'
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
    const [blocks, ms, failures] = addon.collapse(16 << 20, 60_000)
    const { value } = await branch(() => bytes.equals(Buffer.alloc(64 << 20, 'forkpoint')))
    const [noBlocks, , , left] = addon.collapse(16 << 20, 0)
    return {
      grown: grown >= 60e6,
      tried: blocks + failures >= 30,
      timed: ms > 0,
      same: value,
      withoutTime: { blocks: noBlocks, left: left >= 30 },
    }
  },

  /** Page faults of a child that writes to 1,000 pages: as it is, and after it had those ready that another one noted. */
  async notes() {
    const bytes = Buffer.alloc(1000 * 4096, 'forkpoint')
    const faults = () => process.resourceUsage().minorPageFault
    const countFaults = () => {
      const before = faults()
      for (let i = 0; i < bytes.length; i += 4096) bytes[i]++
      return faults() - before
    }
    countFaults()
    const { value: first } = await branch(() => {
      addon.noteAtFinish(4096)
      return countFaults()
    })
    const { value: second } = await branch(fd => {
      addon.touchNoted(fd)
      return countFaults()
    })
    return { first: first >= 1000, second: second < 100, same: bytes[0] === 'f'.charCodeAt(0) + 1 }
  },

  /** How many more mappings the process has for 100,000 more objects: scattered, one for each 256 KiB. */
  async gathered() {
    const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('\n').length
    const reserved = addon.reserve(2 ** 32, 2 ** 46)
    const again = addon.reserve(2 ** 32, 2 ** 46)
    const before = mappings()
    const kept = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `user ${id}` }))
    const more = mappings() - before
    const { value } = await branch(() => kept.every(({ id, name }) => name === `user ${id}`))
    return { reservesMost: reserved > 0.9 * 2 ** 46, again, isGathered: more < 15, same: value }
  },
})
