// Branches off many children in a row, each doing a random mix of work, while the parent works between them.
//   node test/stress/fork-stress.mjs --forks 5000 --seed 1
// Prints one line of figures; on a hang, a crash or a wrong result the seed, the child's number and its steps.
import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeOutcome, ForkEngine, START_FLAGS, watchProcess } from 'forkpoint/adapter'
import { load } from './load.mjs'
import { makeRandom } from './make-random.mjs'

const { values: options } = parseArgs({
  options: {
    forks: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    // Repeats one child of a run: the parent gets there by the same work, without the other children.
    only: { type: 'string' },
    // A child that is to crash after its steps: shows what a failure looks like.
    crash: { type: 'string' },
    deadline: { type: 'string', default: '30000' },
    // Starts with V8's usual number of workers, so that the children need their condition variables reset.
    workers: { type: 'boolean', default: false },
    // The system calls of the children are watched, where the system lets a process do that.
    syscalls: { type: 'boolean', default: false },
  },
})

if (!process.execArgv.includes('--expose-gc')) {
  const flags = options.workers ? ['--single-threaded'] : START_FLAGS
  const script = fileURLToPath(import.meta.url)
  const args = [...flags, '--expose-gc', script, ...process.argv.slice(2), '--seed', options.seed]
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1)
}

const engine = ForkEngine.create(watchProcess())
const forks = Number(options.forks)
const kinds = Object.keys(load)
// A file, and not the memory of the child: it tells the steps of one that crashed, too.
const folder = mkdtempSync(join(tmpdir(), 'forkpoint-stress-'))
const stepsFile = join(folder, 'steps')
const steps = openSync(stepsFile, 'a')
const owner = process.pid
process.on('exit', () => process.pid === owner && rmSync(folder, { recursive: true }))

async function runChild(random) {
  const count = 2 + random(5)
  for (let i = 0; i < count; i++) {
    const kind = kinds[random(kinds.length)]
    writeSync(steps, `${kind}\n`)
    await load[kind](random)
  }
  return count
}

async function endChild(finish, random, mustCrash) {
  try {
    // The engine's own deadline is for a child whose loop stands still.
    const limit = Number(options.deadline)
    const late = new Promise((_, reject) =>
      setTimeout(reject, limit, new Error(`its steps have not ended after ${limit} ms`)),
    )
    const count = await Promise.race([runChild(random), late])
    if (mustCrash) process.kill(process.pid, 'SIGSEGV')
    await finish({ count })
  } catch (error) {
    await finish({ error: error?.stack })
  }
}

/** What is wrong with how a child ended, or null. */
function describe(outcome) {
  if (outcome.kind !== 'value') return `did not end: ${describeOutcome(outcome)}`
  const { error } = outcome.value
  return error === undefined ? null : `failed: ${error}`
}

if (options.syscalls) {
  const wanted = { root: folder, files: false, network: false, calls: true, shared: [] }
  const { calls: refusal } = engine.isolate(wanted)
  if (refusal !== undefined) console.log(refusal.why)
}
const parentRandom = makeRandom(Number(options.seed))
for (const kind of kinds) await load[kind](parentRandom)
const began = performance.now()
let slowest = 0
for (let number = 0; number < forks; number++) {
  if (number % 5 === 0) {
    load.allocate(parentRandom)
    load.compile(parentRandom)
    await load.files(parentRandom)
  }
  if (options.only !== undefined && number !== Number(options.only)) continue
  const inFlight = await engine.quiesce()
  if (inFlight.length > 0) throw new Error(`in flight: ${inFlight}`)
  ftruncateSync(steps)
  const branch = engine.branch({
    deadlineMs: Number(options.deadline),
    key: String(number),
    followed: 0,
    isIsolated: options.syscalls,
  })
  if (branch.side === 'inside') {
    const random = makeRandom(Number(options.seed) * 100003 + number)
    await endChild(branch.finish, random, number === Number(options.crash))
    throw new Error('a child went on after its end')
  }
  slowest = Math.max(slowest, branch.ms)
  const wrong = describe(branch.outcome)
  if (wrong !== null) {
    const said = readFileSync(stepsFile, 'utf8') || '(none begun)\n'
    console.log(
      `${process.version}: child ${number} of --seed ${options.seed} ${wrong}; its steps, the last one last:\n${said}`,
    )
    process.exit(1)
  }
}
closeSync(steps)
const ms = (performance.now() - began) / forks
console.log(
  `${process.version}: ${forks} children of --seed ${options.seed} ended well, ${ms.toFixed(1)} ms each, ` +
    `${Math.round(slowest)} ms the slowest, ${Math.round(process.memoryUsage.rss() / 1e6)} MB at the end`,
)
