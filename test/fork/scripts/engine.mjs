// The fork engine as an adapter uses it, without a session around it.

import fs, { readdirSync, readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { getHeapStatistics } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ForkEngine, watchProcess } from 'forkpoint/adapter'
import { runScenario } from './branch.mjs'

const engine = ForkEngine.create(watchProcess())
const delay = ms => new Promise(resolve => setTimeout(resolve, ms))

async function branch(body, deadlineMs) {
  const side = engine.branch({ deadlineMs })
  if (side.side === 'outside') return side
  return side.finish(await body())
}

async function outcomeOf(body, deadlineMs = 0) {
  return (await branch(body, deadlineMs)).outcome
}

/** The process that a process, or a zombie, is a child of. */
function readParent(pid) {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    return null
  }
}

function spin(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}

await runScenario({
  busy: () => outcomeOf(() => spin(60_000), 300),

  alive: () => outcomeOf(() => delay(2500).then(() => 'ended'), 1000),

  patient: () =>
    outcomeOf(() => {
      spin(300)
      return 'ended'
    }, 0),

  async leftovers() {
    const childrenOf = pid => readdirSync('/proc').filter(name => readParent(name) === pid)
    const look = () => ({
      descriptors: readdirSync('/proc/self/fd').length,
      children: childrenOf(process.pid),
    })
    await outcomeOf(() => {})
    engine.rest()
    const before = look()
    for (let i = 0; i < 1000; i++) await outcomeOf(() => i)
    engine.rest()
    const after = look()
    return { descriptors: after.descriptors - before.descriptors, children: after.children }
  },

  async duration() {
    const { ms } = await branch(() => spin(50), 0)
    return ms >= 50
  },

  /** Huge pages, in megabytes, in the first child; whether later ones have many. */
  async hugePages() {
    const bytes = Buffer.alloc(64 << 20, 'forkpoint')
    const hugeMb = () =>
      Number(/AnonHugePages: +(\d+)/.exec(fs.readFileSync('/proc/self/smaps_rollup'))[1]) >> 10
    const first = await outcomeOf(hugeMb)
    let later = 0
    for (let tries = 0; tries < 200 && later < 40; tries++) later = (await outcomeOf(hugeMb)).value
    return [first.value, later >= 40, bytes.equals(Buffer.alloc(64 << 20, 'forkpoint'))]
  },

  async heapBound() {
    const heldMb = () => Math.round(getHeapStatistics().used_heap_size / 2 ** 20)
    const isExposed = () => runInNewContext('typeof gc')
    const wasExposed = isExposed()
    let lists = Array.from({ length: 40 }, () => new Array(2 ** 20).fill(0.5))
    const before = heldMb()
    lists = null
    await engine.quiesce()
    return {
      before: before > 320,
      after: heldMb() < 64,
      isExposedAsBefore: isExposed() === wasExposed,
      lists,
    }
  },

  async pid() {
    const { outcome } = await branch(() => [process.pid, process.ppid], 0)
    return [outcome.value[0] !== process.pid, outcome.value[1] === process.pid]
  },

  async replacedBuiltins() {
    const { setTimeout: wait, performance } = globalThis
    const broken = () => {
      throw new Error('replaced')
    }
    for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'])
      globalThis[name] = broken
    Object.defineProperty(globalThis, 'performance', { value: { now: broken }, configurable: true })
    fs.writeSync = broken
    syncBuiltinESMExports()
    const obstacles = await engine.quiesce()
    const outcome = await outcomeOf(() => new Promise(resolve => wait(() => resolve('ended'), 2500)), 1000)
    Object.defineProperty(globalThis, 'performance', { value: performance, configurable: true })
    return { obstacles, outcome }
  },

  exitCode: () => {
    process.exitCode = 0
    return outcomeOf(() => {
      process.exitCode = 5
      return 'ended'
    })
  },
})
