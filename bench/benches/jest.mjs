// Jest: 100 tests on a fixture that takes 150 ms to build, `beforeEach` against `setup`, and what a rollback costs there and
// in Vitest; and suites with nothing to roll back, without forkpoint and with it.
import { makeJestProject, timeJest } from '../support/jest-project.mjs'
import { makeProject } from '../support/project.mjs'
import { median, medianRatio, timeInTurn, timeRun } from '../support/time-runs.mjs'

const SETUP_MS = 150
const OBJECTS = 250_000
const TESTS = 100

const suite = (imports, hook) => `
${imports}
let users
${hook}(() => {
  const end = performance.now() + ${SETUP_MS}
  users = Array.from({ length: ${OBJECTS} }, (_, id) => ({ id, name: 'user ' + id, tags: [id % 7] }))
  while (performance.now() < end);
})
for (let i = 0; i < ${TESTS}; i++) {
  test('renames user ' + i, () => {
    expect(users.length).toBe(${OBJECTS})
    expect(users[0].name).toBe('user 0')
    users[0].name = 'renamed by ' + i
    users[i + 1].tags.push(i)
    expect(users[i + 1].tags).toContain(i)
  })
}
`

const withSetup = "const { setup } = require('forkpoint')"
const vitestConfig = `import forkpoint from 'forkpoint/vitest'
export default { plugins: [forkpoint({ report: 'report.json' })], test: { include: ['setup.test.mjs'] } }
`
const jestConfig = (match, options) =>
  `module.exports = { ${options ? `preset: 'forkpoint', testEnvironmentOptions: { forkpoint: ${JSON.stringify(options)} }, ` : ''}testMatch: ['**/${match}'] }\n`

const of = (runs, key) => runs.map(run => run[key])
const round = number => Number(number.toFixed(2))

function measureFixture(rounds) {
  const jest = makeJestProject({
    'before-each.test.js': suite('', 'beforeEach'),
    'setup.test.js': suite(withSetup, 'setup'),
    'before-each.config.js': jestConfig('before-each.test.js'),
    'setup.config.js': jestConfig('setup.test.js', { report: 'report.json' }),
  })
  const vitest = makeProject({
    'setup.test.mjs': suite(
      "import { expect, test } from 'vitest'\nimport { setup } from 'forkpoint'",
      'setup',
    ),
    'forkpoint.config.mjs': vitestConfig,
  })
  try {
    const runs = timeInTurn(
      {
        beforeEach: () => timeJest(jest, 'before-each.config.js'),
        jest: () => ({ ...timeJest(jest, 'setup.config.js'), report: jest.readJson('report.json') }),
        vitest: () => ({
          ...timeRun(vitest, 'forkpoint.config.mjs'),
          report: vitest.readJson('report.json'),
        }),
      },
      rounds,
    )
    const restores = runs => runs.map(({ report }) => report.checkpoints[0].restoreMs.p50)
    return [
      {
        measured: `${TESTS} tests, setup of ${SETUP_MS} ms`,
        plainMs: Math.round(median(of(runs.beforeEach, 'wholeMs'))),
        forkpointMs: Math.round(median(of(runs.jest, 'wholeMs'))),
        ratio: round(medianRatio(of(runs.beforeEach, 'wholeMs'), of(runs.jest, 'wholeMs'))),
        target: '>= 6',
      },
      {
        measured: 'restore, Vitest against Jest',
        plainMs: round(median(restores(runs.vitest))),
        forkpointMs: round(median(restores(runs.jest))),
        ratio: round(medianRatio(restores(runs.jest), restores(runs.vitest))),
        target: '<= 1.3',
      },
    ]
  } finally {
    jest.remove()
    vitest.remove()
  }
}

function measureIdle(rounds, count) {
  const file = `for (let i = 0; i < 10; i++) test('adds ' + i, () => { expect(i + 1).toBeGreaterThan(i) })\n`
  const files = Object.fromEntries(Array.from({ length: count }, (_, i) => [`idle-${i}.test.js`, file]))
  const project = makeJestProject({
    ...files,
    'plain.config.js': jestConfig('idle-*.test.js'),
    'forkpoint.config.js': jestConfig('idle-*.test.js', {}),
  })
  try {
    const { plain, forkpoint } = timeInTurn(
      {
        plain: () => timeJest(project, 'plain.config.js', ['--maxWorkers=2']),
        forkpoint: () => timeJest(project, 'forkpoint.config.js', ['--maxWorkers=2']),
      },
      rounds,
    )
    return {
      measured: `nothing to roll back, ${count} ${count === 1 ? 'file' : 'files'}`,
      plainMs: Math.round(median(of(plain, 'wholeMs'))),
      forkpointMs: Math.round(median(of(forkpoint, 'wholeMs'))),
      ratio: round(medianRatio(of(forkpoint, 'wholeMs'), of(plain, 'wholeMs'))),
      target: '<= 1.05',
    }
  } finally {
    project.remove()
  }
}

export function run({ rounds }) {
  return [...measureFixture(rounds), measureIdle(rounds, 40), measureIdle(rounds, 1)]
}
