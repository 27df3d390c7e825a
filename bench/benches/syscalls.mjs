// What `syscalls: true` and `fs: 'overlay'` cost: a branch that does nothing, against a plain one, and calls within a branch, each against
// itself.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { TARGETS } from '../support/project.mjs'
import { median } from '../support/time-runs.mjs'

const FLAGS = ['--single-threaded', '--v8-pool-size=1', '--expose-gc']
/** Milliseconds that each may add to a test. */
const ADDED_MS = { syscalls: 1.5, overlay: 2 }
/** Of calls that are watched, and of the others. What is meant by 1.00 is nothing beyond the noise of such a measurement. */
const WATCHED_RATIO = 3
const UNWATCHED_RATIO = 1.05

export function run({ rounds }) {
  const script = fileURLToPath(new URL('../support/measure-syscalls.mjs', import.meta.url))
  const adapter = fileURLToPath(new URL('../../dist/adapter.mjs', import.meta.url))
  const [{ node }] = TARGETS
  const runs = Array.from({ length: rounds }, () =>
    JSON.parse(execFileSync(node, [...FLAGS, script, adapter], { encoding: 'utf8' })),
  )
  const [{ refused, residentMb, branchMs, calls }] = runs
  for (const part of refused) console.log(`${part}: not to be had here`)
  const branches = Object.keys(branchMs).filter(part => part !== 'plain')
  return [
    ...branches.map(part => branchRow(part, residentMb, runs)),
    ...(calls.syscalls === undefined ? [] : Object.keys(calls.plain).map(name => callRow(name, runs))),
  ]
}

function branchRow(part, residentMb, runs) {
  const [off, on] = ['plain', part].map(name => median(runs.map(({ branchMs }) => branchMs[name])))
  const added = median(runs.map(({ branchMs }) => branchMs[part] - branchMs.plain))
  const target = ADDED_MS[part]
  return {
    part,
    what: `a test at ${residentMb} MB, ms`,
    off: Number(off.toFixed(2)),
    on: Number(on.toFixed(2)),
    added: Number(added.toFixed(2)),
    target,
    isMet: added <= target,
  }
}

function callRow(what, runs) {
  const [off, on] = ['plain', 'syscalls'].map(name => median(runs.map(({ calls }) => calls[name][what])))
  const ratio = median(runs.map(({ calls }) => calls.syscalls[what] / calls.plain[what]))
  const target = what.includes('not watched') ? UNWATCHED_RATIO : WATCHED_RATIO
  return {
    part: 'call',
    what: `${what}, ns`,
    off: Math.round(off),
    on: Math.round(on),
    ratio: Number(ratio.toFixed(2)),
    target,
    isMet: ratio <= target,
  }
}
