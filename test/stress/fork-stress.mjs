// Branches off many children in a row, each doing a random mix of work, while the parent works between them.
//   node test/stress/fork-stress.mjs --forks 5000 --seed 1
// Prints one line of figures; on a hang, a crash or a wrong result the seed, the child's number and its last step.
import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { load } from './load.mjs'

const { values: options } = parseArgs({
  options: {
    forks: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    // Repeats one child of a run: the parent gets there by the same work, without the other children.
    only: { type: 'string' },
    deadline: { type: 'string', default: '30000' },
    // Starts with V8's usual number of workers, so that the children need their condition variables reset.
    workers: { type: 'boolean', default: false },
    'no-reset': { type: 'boolean', default: false },
  },
})

if (!process.execArgv.includes('--single-threaded')) {
  const flags = ['--single-threaded', '--expose-gc', ...(options.workers ? [] : ['--v8-pool-size=1'])]
  const args = [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--seed', options.seed]
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1)
}

const path = `../../prebuilds/${process.platform}-${process.arch}/forkpoint.node`
const addon = createRequire(import.meta.url)(process.env.FORKPOINT_ADDON ?? path)
const forks = Number(options.forks)
const finished = 7
const steps = Object.keys(load)

/** mulberry32: the same numbers from the same seed on every Node. */
function makeRandom(seed) {
  return below => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((((mixed ^ (mixed >>> 14)) >>> 0) * below) / 4294967296) | 0
  }
}

async function runSteps(random, count, onStep) {
  for (let i = 0; i < count; i++) {
    const step = steps[random(steps.length)]
    onStep(step)
    await load[step](random)
  }
}

/** The result pipe carries the names of the steps as they begin, then `end` or the error. */
async function runChild(fd, random) {
  // An empty event loop makes Node wait for tasks of worker threads that the child does not have.
  setInterval(() => {}, 1e9)
  try {
    await runSteps(random, 2 + random(5), step => writeSync(fd, `${step}\n`))
    addon.finish(fd, Buffer.from('end'), finished)
  } catch (error) {
    addon.finish(fd, Buffer.from(`${error?.stack}`), 1)
  }
}

function describe(status, timedOut) {
  if (timedOut) return `hung for ${options.deadline} ms`
  return status & 127 ? `died of signal ${status & 127}` : `exited with code ${status >> 8}`
}

const parentRandom = makeRandom(Number(options.seed))
for (const step of steps) await load[step](parentRandom)
const inherited = addon.threads().length
const began = performance.now()
let child = false
for (let number = 0; number < forks && !child; number++) {
  if (number % 5 === 0) {
    load.allocate(parentRandom)
    load.compile(parentRandom)
    await load.files(parentRandom)
  }
  if (options.only !== undefined && number !== Number(options.only)) continue
  // Out of the platform's own task queue, where a finished WebAssembly compilation may have brought us.
  await new Promise(resolve => setImmediate(resolve))
  const [pid, fd] = addon.fork(options.workers && !options['no-reset'], [])
  if (pid === 0) {
    child = true
    await runChild(fd, makeRandom(Number(options.seed) * 100003 + number))
  }
  const [status, timedOut, text] = addon.collect(pid, fd, Number(options.deadline))
  const said = text.toString()
  if (status !== finished << 8 || !said.endsWith('end')) {
    const how = describe(status, timedOut)
    console.log(
      `${process.version}: child ${number} of --seed ${options.seed} ${how}; its steps:\n${said || '(none begun)'}`,
    )
    process.exit(1)
  }
}
const ms = (performance.now() - began) / forks
console.log(
  `${process.version}: ${forks} children of --seed ${options.seed} ended well, ${ms.toFixed(1)} ms each, ` +
    `${Math.round(addon.residentBytes() / 1e6)} MB, ${inherited} other threads in the parent`,
)
