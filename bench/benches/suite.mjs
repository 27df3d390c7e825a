// 100 tests on a fixture that takes 150 ms to build, in a process of about 110 MB: `beforeEach` against `setup`.
import { makeProject } from '../support/project.mjs'
import { median, medianRatio, timeInTurn, timeRun } from '../support/time-runs.mjs'

const SETUP_MS = 150
const OBJECTS = 250_000
const TESTS = 100
const TARGET = 10

const suite = hook => `
import { ${hook === 'setup' ? 'expect, test' : 'beforeEach, expect, test'} } from 'vitest'
${hook === 'setup' ? "import { setup } from 'forkpoint'" : ''}
let users
${hook}(() => {
  const end = performance.now() + ${SETUP_MS}
  users = Array.from({ length: ${OBJECTS} }, (_, id) => ({ id, name: 'user ' + id, tags: [id % 7] }))
  while (performance.now() < end);
})
for (let i = 0; i < ${TESTS}; i++) {
  test('renames user ' + i, () => {
    expect(users).toHaveLength(${OBJECTS})
    expect(users[0].name).toBe('user 0')
    users[0].name = 'renamed by ' + i
    users[i + 1].tags.push(i)
    expect(users[i + 1].tags).toContain(i)
  })
}
`

const config = (file, plugin) =>
  `${plugin ? "import forkpoint from 'forkpoint/vitest'\n" : ''}export default { plugins: [${plugin}], test: { include: ['${file}'] } }\n`

export function run({ rounds }) {
  const project = makeProject({
    'before-each.test.mjs': suite('beforeEach'),
    'setup.test.mjs': suite('setup'),
    'before-each.config.mjs': config('before-each.test.mjs', ''),
    'forkpoint.config.mjs': config('setup.test.mjs', "forkpoint({ report: 'report.json' })"),
  })
  try {
    const { beforeEach, forkpoint } = timeInTurn(
      {
        beforeEach: () => timeRun(project, 'before-each.config.mjs'),
        forkpoint: () => ({
          ...timeRun(project, 'forkpoint.config.mjs'),
          report: project.readJson('report.json'),
        }),
      },
      rounds,
    )
    const of = (runs, key) => runs.map(run => run[key])
    const checkpoint = forkpoint.at(-1).report.checkpoints[0]
    return ['wholeMs', 'filesMs'].map(key => ({
      measured: key === 'wholeMs' ? 'whole run' : 'test file',
      tests: TESTS,
      beforeEachMs: Math.round(median(of(beforeEach, key))),
      forkpointMs: Math.round(median(of(forkpoint, key))),
      timesFaster: Number(medianRatio(of(beforeEach, key), of(forkpoint, key)).toFixed(1)),
      target: key === 'wholeMs' ? TARGET : null,
      residentMb: Math.round(checkpoint.residentMb),
      restoreMs: checkpoint.restoreMs.p50,
    }))
  } finally {
    project.remove()
  }
}
