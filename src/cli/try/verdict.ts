import type { ReportFile } from '../../report/report-file.ts'
import { formatMs, sum } from '../../report/statistics.ts'

/** What a machine's own unrest may do to the time of a run. */
const NOISE = 0.05
const LEAST_MS = 100
/** What takes longer is not run for its time alone. */
const LONGEST_AGAIN_MS = 120_000

export interface Verdict {
  pays: boolean
  /** Whole sentences. */
  words: string
}

/** The times of two runs say one thing, what was measured within the run another: the machine had other things to do. */
function isContradictory(plainMs: number, forkpointMs: number, { saved }: ReportFile): boolean {
  const noiseMs = noiseOf(plainMs)
  const [gainMs, savedMs] = [plainMs - forkpointMs, saved.setupMs - saved.spentMs]
  return (gainMs < -noiseMs && savedMs > noiseMs) || (gainMs > noiseMs && savedMs < -noiseMs)
}

/** Nothing that was measured within the run with forkpoint explains why it took longer, or was shorter: both are to be timed again. */
export function isUnexplained(plainMs: number, forkpointMs: number, { saved }: ReportFile): boolean {
  const noiseMs = noiseOf(plainMs)
  const [gainMs, savedMs] = [plainMs - forkpointMs, saved.setupMs - saved.spentMs]
  if (plainMs > LONGEST_AGAIN_MS) return false
  return (gainMs < -noiseMs && savedMs > -noiseMs) || (gainMs > noiseMs && savedMs < noiseMs)
}

/** Whether forkpoint pays in a suite, and by how much. */
export function judge(plainMs: number, forkpointMs: number, report: ReportFile): Verdict {
  const { checkpoints, saved, hoisted } = report
  const restores = sum(checkpoints.map(each => each.restores))
  const change = `A run takes ${formatMs(forkpointMs)} instead of ${formatMs(plainMs)}`
  if (checkpoints.length === 0) {
    const why =
      hoisted === 0
        ? 'no suite has a `beforeEach` hook that can be run once'
        : 'no suite with a hoisted hook was run'
    return { pays: false, words: `There is nothing to roll back: ${why}. ${change}.` }
  }
  if (restores === 0) {
    const setupMs = sum(checkpoints.map(({ setupMs: each, setupRuns }) => each * setupRuns))
    return {
      pays: false,
      words: `It does not pay here: all setups together take ${formatMs(setupMs)}, less than rolling back would. ${change}.`,
    }
  }
  const gainMs = plainMs - forkpointMs
  const noiseMs = noiseOf(plainMs)
  if (isContradictory(plainMs, forkpointMs, report)) {
    const words = `It can't be told whether it pays. ${change}, though within it ${formatMs(saved.setupMs)} of setup was not run and ${formatMs(saved.spentMs)} spent on rolling back. Try again when the machine has nothing else to do.`
    return { pays: false, words }
  }
  if (gainMs > noiseMs)
    return {
      pays: true,
      words: `It pays. ${change}, which is ${(plainMs / forkpointMs).toFixed(1)} times as fast.`,
    }
  if (gainMs < -noiseMs)
    return { pays: false, words: `It does not pay here. ${change}, ${formatMs(-gainMs)} longer.` }
  const balance =
    saved.setupMs > saved.spentMs
      ? `It saves ${formatMs(saved.setupMs - saved.spentMs)} of setup, too little to be seen in the time of a run.`
      : 'It makes no difference here.'
  return { pays: saved.setupMs > saved.spentMs, words: `${balance} ${change}.` }
}

function noiseOf(plainMs: number): number {
  return Math.max(LEAST_MS, plainMs * NOISE)
}
