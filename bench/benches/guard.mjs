// What the guard costs: suites with `guard: 'warn'` against `guard: 'off'`, one whose tests write many files of their fixture, and one
// that touches no host call; and calls that are neither compensable nor unsafe, each against itself.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeProject, TARGETS } from '../support/project.mjs'
import { median, medianRatio, timeInTurn, timeRun } from '../support/time-runs.mjs'

const FILES = 6
const TESTS = 40
const TARGETS_OF = { 'file-heavy': 1.1, 'no host call': 1.02, call: 1.2 }

const fileHeavy = `
import { setup } from 'forkpoint'
import { expect, test } from 'vitest'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
let folder
setup(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'forkpoint-bench-'))
  for (let i = 0; i < 50; i++) fs.writeFileSync(path.join(folder, 'file-' + i), 'x'.repeat(2000))
  return () => fs.rmSync(folder, { recursive: true })
})
for (let i = 0; i < ${TESTS}; i++) test('writes ' + i, () => {
  for (let k = 0; k < 10; k++) {
    const file = path.join(folder, 'file-' + k)
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').toUpperCase())
  }
  expect(fs.readdirSync(folder).length).toBe(50)
})
`
const none = `
import { setup } from 'forkpoint'
import { expect, test } from 'vitest'
let list
setup(() => { list = Array.from({ length: 1000 }, (_, i) => i) })
for (let i = 0; i < ${TESTS}; i++) test('adds ' + i, () => { list.push(i); expect(list.length).toBe(1001) })
`
const config = guard =>
  `import forkpoint from 'forkpoint/vitest'\nexport default { plugins: [forkpoint({ warmup: 0, engine: 'fork', guard: '${guard}' })] }\n`

export function run({ rounds, only }) {
  const suites = { 'file-heavy': fileHeavy, 'no host call': none }
  const rows = Object.entries(suites)
    .filter(([name]) => only === undefined || only === name)
    .map(([name, suite]) => measureSuite(name, suite, rounds))
  return only === undefined || only === 'call' ? [...rows, ...measureCalls(rounds)] : rows
}

function measureSuite(part, suite, rounds) {
  const files = Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`suites/${i}.test.mjs`, suite]))
  const project = makeProject({ ...files, 'on.config.mjs': config('warn'), 'off.config.mjs': config('off') })
  try {
    const variants = Object.fromEntries(
      ['off', 'on'].map(name => [name, () => timeRun(project, `${name}.config.mjs`).wholeMs]),
    )
    const { off, on } = timeInTurn(variants, rounds)
    return row(part, `${FILES * TESTS} tests, ms`, median(off), median(on), medianRatio(on, off))
  } finally {
    project.remove()
  }
}

function measureCalls(rounds) {
  const script = fileURLToPath(new URL('../support/measure-calls.mjs', import.meta.url))
  const adapter = fileURLToPath(new URL('../../dist/adapter.mjs', import.meta.url))
  const measure = state =>
    JSON.parse(execFileSync(TARGETS[0].node, [join(script), adapter, state], { encoding: 'utf8' }))
  const { off, on } = timeInTurn({ off: () => measure('off'), on: () => measure('on') }, rounds)
  return Object.keys(off[0]).map(name => {
    const of = runs => runs.map(run => run[name])
    return row('call', `${name}, ns`, median(of(off)), median(of(on)), medianRatio(of(on), of(off)))
  })
}

function row(part, what, off, on, ratio) {
  const target = TARGETS_OF[part]
  return {
    part,
    what,
    off: Math.round(off),
    on: Math.round(on),
    ratio: Number(ratio.toFixed(3)),
    target,
    isMet: ratio <= target,
  }
}
