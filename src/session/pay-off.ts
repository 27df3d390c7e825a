import { formatMs, median } from '../report/statistics.ts'
import type { Figures } from './figures.ts'

export interface Circumstances {
  warmup: 'auto' | number
  /** Tests of the suite not yet run, the one about to start included. */
  testsLeft: number
  /** What the engine says one branch costs here. */
  branchMs: number
  /** What it says a checkpoint costs, where that is more than next to nothing. */
  takeMs?: number
  /** A body that is rolled back runs in code that the process has warmed, and not in a copy's. */
  staysWarm?: boolean
  /** A checkpoint has been taken. */
  isRolling: boolean
}

export interface Verdict {
  /** `roll`: checkpoint now. `warm`: run this test the plain way and ask again. `plain`: for the rest of the suite. */
  choice: 'roll' | 'warm' | 'plain'
  why: string
}

/**
 * How much of a body's cold cost is left in a branch after so many tests ran in the process that branches. Measured on
 * an SQL engine in JavaScript: 67 ms cold, 30 after one test, 17 after three, 13 after eight, 10 in a warm process.
 */
const COLD_SHARE = [1, 0.35, 0.2, 0.12, 0.1, 0.08, 0.07, 0.06, 0.05]
const LAST = COLD_SHARE.length - 1

/** Assumed cold cost of a body of which nothing is known yet, in milliseconds: the same measurement. */
const UNKNOWN_COLD_MS = 57

/** Branches after which their own figures overrule the estimate. */
const ENOUGH_BRANCHES = 3

/** A branch has to save this much to be worth it: the promise is a run never noticeably slower than plain. */
const LEAST_GAIN_MS = 1

/** A checkpoint is paid before anybody knows what a rollback saves: a wrong guess is to cost little. */
const TAKE_MARGIN = 2

/** A first setup also loads and compiles: one that took less is measured once more before a checkpoint is paid for it. */
const SURE_MS = 30

const coldShare = (tests: number): number => COLD_SHARE[Math.min(tests, LAST)] ?? 0

/** What a body loses by running cold for the first time. */
function coldLossMs(figures: Figures): number {
  const [first] = figures.plainBodies
  if (first === undefined) return UNKNOWN_COLD_MS
  return figures.plainBodies.length > 1 ? Math.max(0, first - figures.warmBodyMs) : first * 0.8
}

/**
 * Decides whether a suite's next test should start from a checkpoint. With a number as `warmup` the answer is fixed; with
 * `'auto'` it compares the setup saved with what a branch costs and what the body loses in it, re-judged as figures come in.
 */
export function judgePayOff(
  figures: Figures,
  { warmup, testsLeft, branchMs, takeMs = 0, isRolling, staysWarm = false }: Circumstances,
): Verdict {
  const warmed = figures.plainBodies.length
  if (warmup !== 'auto') {
    return warmed < warmup
      ? { choice: 'warm', why: `${warmed} of ${warmup} warm-up tests have run` }
      : { choice: 'roll', why: `warmup: ${warmup}` }
  }
  if (figures.restores.length >= ENOUGH_BRANCHES) return judgeMeasured(figures)

  const setupMs = figures.setupMs
  const words = `setup ${formatMs(setupMs)}, restore about ${formatMs(branchMs)}`
  if (isRolling) return { choice: 'roll', why: words }
  const loss = staysWarm ? 0 : coldLossMs(figures)
  const savedBy = (tests: number): number =>
    setupMs - branchMs - loss * coldShare(tests) - (TAKE_MARGIN * takeMs) / testsLeft

  if (takeMs > 0 && figures.setups.length === 1 && setupMs < SURE_MS)
    return { choice: 'warm', why: `measuring (${words})` }
  if (testsLeft < 2) return { choice: 'warm', why: `no further test could use a checkpoint (${words})` }
  const saved = savedBy(warmed)
  if (saved > LEAST_GAIN_MS) {
    const gainOfOneMore = (testsLeft - 1) * loss * (coldShare(warmed) - coldShare(warmed + 1))
    return gainOfOneMore > saved
      ? { choice: 'warm', why: `still warming up (${words})` }
      : { choice: 'roll', why: words }
  }
  const canEverPay = savedBy(LAST) > LEAST_GAIN_MS
  if (warmed >= LAST || (warmed >= 2 && !canEverPay)) {
    return { choice: 'plain', why: `setup is cheaper than a rollback (${words})` }
  }
  return { choice: 'warm', why: `measuring (${words})` }
}

/** Branches have run: their own figures against a plain test's. */
function judgeMeasured(figures: Figures): Verdict {
  const branchMs = median(figures.restores) + median(figures.branchBodies)
  const bodyMs = figures.plainBodies.length > 1 ? figures.warmBodyMs : median(figures.branchBodies)
  const plainMs = figures.setupMs + bodyMs
  const words = `${formatMs(branchMs)} per test rolled back, ${formatMs(plainMs)} with its setup re-run`
  return branchMs < plainMs
    ? { choice: 'roll', why: words }
    : { choice: 'plain', why: `it did not pay: ${words}` }
}
