// node FLAGS measure-syscalls.mjs ADAPTER: what branches with system calls watched, or a disk of their own, cost, against plain ones
// in turn, as JSON: milliseconds of a branch that does nothing, and nanoseconds of calls within one.
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [adapter] = process.argv.slice(2)
const { ForkEngine, watchProcess } = await import(adapter)
const engine = ForkEngine.create(watchProcess())
const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'forkpoint-bench-')))
const file = join(root, 'file')
fs.writeFileSync(file, 'x'.repeat(100))

const BRANCHES = 40
const ROUNDS = 9
const COUNT = 500
const PARTS = {
  plain: null,
  syscalls: { files: false, calls: true },
  overlay: { files: true, calls: false },
}
const CALLS = {
  'readFileSync (not watched)': () => fs.readFileSync(file),
  'statSync (not watched)': () => fs.statSync(file),
  'openSync to write': () => fs.closeSync(fs.openSync(file, 'r+')),
  'mkdirSync and rmdirSync': () => {
    fs.mkdirSync(`${file}-folder`)
    fs.rmdirSync(`${file}-folder`)
  },
  chmodSync: () => fs.chmodSync(file, 0o644),
}

// What a small suite has in memory.
const held = []
while (process.memoryUsage.rss() < 45e6) held.push(Buffer.alloc(2 ** 20, 1))

/** What else runs on the machine only adds to it. */
const lowerQuartile = list => list.sort((a, b) => a - b)[list.length >> 2]

async function branch(body) {
  const inFlight = await engine.quiesce()
  if (inFlight.length > 0) throw new Error(inFlight[0].why)
  const side = engine.branch({ deadlineMs: 0, key: '', followed: 0, isIsolated: true })
  if (side.side === 'inside') return side.finish(body())
  if (side.outcome.kind !== 'value') throw new Error(JSON.stringify(side.outcome))
  return { ms: side.ms, value: side.outcome.value }
}

function measureCalls() {
  return Object.entries(CALLS).map(([name, call]) => {
    const times = Array.from({ length: ROUNDS }, () => {
      const start = process.hrtime.bigint()
      for (let i = 0; i < COUNT; i++) call()
      return Number(process.hrtime.bigint() - start) / COUNT
    })
    return [name, lowerQuartile(times)]
  })
}

const choose = part =>
  engine.isolate(PARTS[part] === null ? null : { root, network: false, shared: [], ...PARTS[part] })
const refused = Object.keys(PARTS).filter(part => Object.keys(choose(part)).length > 0)
const parts = Object.keys(PARTS).filter(part => !refused.includes(part))
const times = Object.fromEntries(parts.map(part => [part, []]))
for (let i = 0; i < BRANCHES; i++)
  for (const part of parts) {
    choose(part)
    times[part].push((await branch(() => 0)).ms)
  }
const calls = {}
for (const part of parts) {
  choose(part)
  calls[part] = Object.fromEntries((await branch(measureCalls)).value)
}
const residentMb = Math.round(process.memoryUsage.rss() / 2 ** 20)
fs.rmSync(root, { recursive: true })
const branchMs = Object.fromEntries(Object.entries(times).map(([part, list]) => [part, lowerQuartile(list)]))
process.stdout.write(JSON.stringify({ branchMs, calls, refused, residentMb }))
process.exit(0)
