/**
 * A program that `doctor` starts: tries out one engine in a process like those that tests run in, and prints what it found. The
 * preconditions are the engine's own.
 */
import { startInPlace } from '../../checkpoint/start-in-place.ts'
import { describeOutcome } from '../../describe-outcome.ts'
import { ForkEngine } from '../../fork/engine.ts'
import { watchProcess } from '../../fork/watch-process.ts'
import { findBoundary } from '../../heap/roots/boundary.ts'
import { now } from '../../intrinsics.ts'
import { median } from '../../report/statistics.ts'
import { listAids } from './list-aids.ts'
import type { Aid, Probed } from './probed.ts'

const watch = watchProcess()
const boundary = findBoundary()

const PARTS = [
  ['files', "fs: 'overlay'"],
  ['network', "network: 'loopback'"],
  ['calls', 'syscalls: true'],
] as const

/** Enough for a median; the first one is cold. */
const TRIES = 5
const DEADLINE_MS = 10_000

async function probeFork(): Promise<Probed> {
  const engine = ForkEngine.create(watch)
  const refusal = engine.refuse()
  if (refusal !== null) return { refusal }
  const times: number[] = []
  for (let i = 0; i < TRIES; i++) {
    const [obstacle] = await engine.quiesce()
    if (obstacle !== undefined) return { refusal: { check: 'quiet', ...obstacle } }
    const branch = engine.branch({ deadlineMs: DEADLINE_MS, key: '', followed: 0 })
    if (branch.side === 'inside') return await branch.finish(null)
    if (branch.outcome.kind !== 'value') {
      const remedy = 'please report it, with what this command printed'
      return { refusal: { check: 'fork(2)', why: describeOutcome(branch.outcome), remedy } }
    }
    times.push(branch.ms)
  }
  return { refusal: null, ms: median(times), aids: listParts(engine) }
}

/** What branches can have to themselves, each by an option. */
function listParts(engine: ForkEngine): Aid[] {
  const wanted = { root: process.cwd(), files: false, network: false, calls: false, shared: [] }
  return PARTS.map(([part, option]) => {
    const refusal = engine.isolate({ ...wanted, [part]: true })[part]
    return {
      aid: `\`${option}\``,
      missing: refusal === undefined ? null : `${refusal.why}; ${refusal.remedy}`,
    }
  })
}

async function probeHeap(): Promise<Probed> {
  const holder = globalThis as { probed?: { changes: number } }
  const probed = { changes: 0 }
  holder.probed = probed
  try {
    const runner = startInPlace(boundary)
    await runner.take()
    const times: number[] = []
    for (let i = 0; i < TRIES; i++) {
      const begin = now()
      await runner.run(() => void probed.changes++)
      times.push(now() - begin)
    }
    runner.release()
    if (probed.changes !== 0) throw new Error('a change of an object has not come back')
    return { refusal: null, ms: median(times), aids: listAids() }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { refusal: { check: 'rollback', why, remedy: 'please report it, with what this command printed' } }
  }
}

const found = process.argv[2] === 'fork' ? await probeFork() : await probeHeap()
process.stdout.write(JSON.stringify(found))
