// Runs groups of programs with both engines, in a process each, at the same time, and says which programs differ.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refusalsOf } from './make-program.mjs'

const script = fileURLToPath(new URL('main.mjs', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Of one process. */
const LIMIT_MS = 300_000

const FLAGS = {
  fork: ['--single-threaded', '--v8-pool-size=1'],
  heap: ['--import', new URL('run-programs.mjs', import.meta.url).href, '--import', 'forkpoint/register'],
}

/**
 * @param groups programs that share a checkpoint
 * @returns of each program, by its seed, `same`, `refused` with the reason, or `different` with what it showed where
 */
export async function compareEngines(groups, { isWhole = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-fuzz-'))
  try {
    const [fork, heap] = await Promise.all(
      ['fork', 'heap'].map(engine => runAll(engine, groups, join(folder, engine), isWhole)),
    )
    return new Map(groups.flat().map(program => [program.seed, judge(program, fork, heap)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What each program told, by its seed: in as many processes as it takes. */
async function runAll(engine, groups, path, isWhole) {
  const told = new Map()
  for (let rest = groups; rest.length > 0; ) {
    writeFileSync(path, JSON.stringify(rest))
    const ended = await launch(engine, path, isWhole, told)
    const next = rest.findIndex(([{ seed }]) => told.get(seed)?.at(-1)[0] !== 'ended')
    if (next === -1) break
    if (ended !== null)
      for (const { seed } of rest[next]) told.set(seed, [...(told.get(seed) ?? []), ['ended', ended]])
    rest = rest.slice(ended === null ? next : next + 1)
  }
  return told
}

/** Adds what is told; null, or how the process has ended before its time. */
async function launch(engine, path, isWhole, told) {
  const child = spawn(process.execPath, [...FLAGS[engine], '--no-warnings', script, path], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORKPOINT: engine, ...(isWhole && { FORKPOINT_FUZZ_WHOLE: '1' }) },
    timeout: LIMIT_MS,
  })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8')
    child[name].on('data', text => {
      printed[name] += text
    })
  }
  const how = await new Promise(resolve => child.on('close', (code, signal) => resolve(signal ?? code)))
  for (const line of printed.stdout.split('\n')) {
    if (!line.startsWith('[')) continue
    const [seed, phase, said] = JSON.parse(line)
    told.set(seed, [...(told.get(seed) ?? []), [phase, said]])
  }
  return how === 0 ? null : `the process ended (${how}): ${printed.stderr.slice(-2000)}`
}

const REFUSED = /`.*can't be put back: (.*)\. Remedy: .* \(ERR_FORKPOINT_STATE\)$/

function judge(program, forkTold, heapTold) {
  const [fork, heap] = [forkTold.get(program.seed) ?? [], heapTold.get(program.seed) ?? []]
  const why = REFUSED.exec(heap.at(-1)?.[1] ?? '')?.[1]
  const told = why === undefined ? heap : heap.slice(0, -1)
  const at = told.findIndex((each, i) => each[0] !== fork[i]?.[0] || each[1] !== fork[i]?.[1])
  const isShort = why === undefined && told.length !== fork.length
  if (at !== -1 || isShort) {
    const place = at === -1 ? told.length : at
    return { kind: 'different', why: 'not the same', fork: fork[place], heap: told[place] }
  }
  const ended = fork.at(-1)
  if (ended?.[0] !== 'ended' || ended[1] !== '') return { kind: 'different', why: 'both failed', fork: ended }
  if (why === undefined) return { kind: 'same' }
  const isMeant = refusalsOf(program).some(pattern => pattern.test(why))
  return isMeant ? { kind: 'refused', why } : { kind: 'different', why: 'refused without need', heap: why }
}
