// 500 trivial tests in 50 files, each in a process of its own as Vitest has it by default, with nothing to roll back: plain
// Vitest against forkpoint. Nothing is forked where nothing was asked for, so nothing may be lost.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeProject, TARGETS } from '../support/project.mjs'
import { median, medianRatio, timeInTurn, timeRun } from '../support/time-runs.mjs'

const FILES = 50
const TESTS = 10
const TARGET = 1.05

const suite = `
import { expect, test } from 'vitest'
for (let i = 0; i < ${TESTS}; i++) test('adds ' + i, () => { expect(i + 1).toBeGreaterThan(i) })
`

const config = plugin =>
  `${plugin ? "import forkpoint from 'forkpoint/vitest'\n" : ''}export default { plugins: [${plugin}] }\n`

const files = {
  ...Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`suites/${i}.test.mjs`, suite])),
  'plain.config.mjs': config(''),
  'forkpoint.config.mjs': config('forkpoint()'),
  'hoist.config.mjs': config('forkpoint({ hoist: true })'),
}

export function run({ rounds }) {
  return TARGETS.flatMap(target => {
    const project = makeProject(files, { target })
    try {
      const names = ['plain', 'forkpoint', 'hoist']
      const variants = Object.fromEntries(
        names.map(name => [name, () => timeRun(project, `${name}.config.mjs`).wholeMs]),
      )
      const times = timeInTurn(variants, rounds)
      const { version } = JSON.parse(readFileSync(join(target.modules, 'vitest/package.json'), 'utf8'))
      const node = spawnSync(target.node, ['--version'], { encoding: 'utf8' }).stdout.trim()
      return names.slice(1).map(name => {
        const ratio = Number(medianRatio(times[name], times.plain).toFixed(3))
        return {
          vitest: version,
          node,
          options: name === 'hoist' ? 'hoist' : 'default',
          plainMs: Math.round(median(times.plain)),
          forkpointMs: Math.round(median(times[name])),
          ratio,
          target: TARGET,
          isMet: ratio <= TARGET,
        }
      })
    } finally {
      project.remove()
    }
  })
}
