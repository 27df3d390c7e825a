import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Killed, killRun, type Victim } from '../support/kill-run.ts'
import { runSuite } from '../support/run-suite.ts'
import { type TargetName, targetNames } from '../support/targets.ts'
import { killSuite } from '../vitest/kill-suite.ts'
import { failuresOf } from '../vitest/outcomes.ts'

// The long form: FORKPOINT_KILLS=100 npx vitest run --config test/vitest.config.ts test/stress/kill-stress.test.ts
const kills = Number(process.env.FORKPOINT_KILLS ?? 4)
// Any failure names the seed; put it here to have its kills again.
const seed = Number(process.env.FORKPOINT_TEST_SEED ?? Date.now() % 1e6)

/** For what is killed and all below it to be gone. */
const GONE_MS = 3000
/** For a run that lost a worker or a test to end: as long as a whole one may take, on a busy machine. */
const END_MS = 30_000

const victims: readonly Victim[] = ['worker', 'main', 'test', 'group']
const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const
const SIGNAL_CODES = { SIGKILL: 137, SIGTERM: 143, SIGINT: 130 }

/** Integers below a bound, the same from the same seed. */
function makeRandom(): (below: number) => number {
  let count = 0
  return below => {
    const bytes = createHash('sha256').update(`${seed}:${count++}`).digest()
    return bytes.readUInt32LE() % below
  }
}

/** Vitest 4.1, with forkpoint or without, waits for ever for the exit code of a worker that a signal has ended. */
const waitsForDeadWorkers: ReadonlySet<TargetName> = new Set(['vitest-4'])

/** What is wrong with how a run took a kill. */
function judge(
  { victim, exitCode, signal, victimMs, runMs, leftover, run }: Killed,
  sent: keyof typeof SIGNAL_CODES,
): unknown[] {
  const wrong: unknown[] = [...leftover]
  const isOfRun = victim === 'main' || victim === 'group'
  if (victimMs > GONE_MS) wrong.push(`gone after ${victimMs} ms`)
  if (isOfRun && runMs > GONE_MS) wrong.push(`the run after ${runMs} ms`)
  // Vitest handles SIGINT and SIGTERM once it has started, and exits with the signal's code. One that has reported is leaving.
  const wasOver = exitCode === 0 && run.captured.reason !== 'no run'
  if (isOfRun && !wasOver && signal !== sent && exitCode !== SIGNAL_CODES[sent])
    wrong.push(`ended with ${signal ?? exitCode}`)
  // A test, or a worker, may have reported everything before it was killed.
  const hasFailed = Object.keys(failuresOf(run)).length > 0 || run.captured.unhandledErrors.length > 0
  const hasEnded = signal === null
  if (!isOfRun && hasEnded && exitCode !== (hasFailed ? 1 : 0))
    wrong.push(`exit code ${exitCode}, failures: ${hasFailed}`)
  return wrong
}

describe.each(targetNames)('%s', target => {
  const options = {
    target,
    files: killSuite,
    plugin: { engine: 'fork', warmup: 0 },
    config: { maxWorkers: 2 },
  }

  test(`${kills} kills at random moments leave no process, and end the run (FORKPOINT_TEST_SEED=${seed})`, async () => {
    const random = makeRandom()
    const began = performance.now()
    const whole = await runSuite(options)
    expect([whole.exitCode, whole.leftover]).toEqual([0, []])
    const lastMs = Math.round(performance.now() - began)
    const wrong: unknown[] = []
    for (let number = 0; number < kills; number++) {
      const victim = victims[number % victims.length] ?? 'main'
      const signal = signals[random(signals.length)] ?? 'SIGKILL'
      const moment = random(lastMs)
      const kill = {
        victim,
        signal,
        moment: () => delay(moment),
        pick: random(1000) / 1000,
        ...(waitsForDeadWorkers.has(target) && { isMissed: 'worker' as const }),
      }
      const killed = await killRun(options, kill, END_MS)
      const { exitCode, victimMs, runMs } = killed
      const told = {
        number,
        sent: signal,
        to: killed.victim,
        after: moment,
        exitCode,
        by: killed.signal,
        victimMs,
        runMs,
      }
      if (process.env.FORKPOINT_KILLS) process.stdout.write(`${JSON.stringify(told)}\n`)
      if (killed.victim === null) continue
      const faults = judge(killed, signal)
      if (faults.length > 0) wrong.push({ ...told, faults })
    }
    expect(wrong).toEqual([])
  }, 3_600_000)
})
