// Plain Vitest against forkpoint with `hoist`, over suites whose setup costs 0 to 1000 ms: no noticeable loss at the cheap
// end, a gain beyond, and the crossover where the pay-off rule puts it.
import { makeProject } from '../support/project.mjs'
import { median, medianRatio, timeInTurn, timeRun } from '../support/time-runs.mjs'

const KINDS = [
  { setupMs: 0, tests: 300 },
  { setupMs: 1, tests: 300 },
  { setupMs: 10, tests: 100 },
  { setupMs: 100, tests: 30 },
  { setupMs: 1000, tests: 10 },
]

const suite = ({ setupMs, tests }) => `
import { beforeEach, expect, test } from 'vitest'
let state
beforeEach(() => {
  const end = performance.now() + ${setupMs}
  state = { users: Array.from({ length: 100 }, (_, id) => ({ id, name: 'user ' + id })) }
  while (performance.now() < end);
})
for (let i = 0; i < ${tests}; i++) {
  test('removes user ' + i, () => {
    expect(state.users).toHaveLength(100)
    state.users.splice(i % 100, 1)
    expect(state.users.some(({ id }) => id === i % 100)).toBe(false)
  })
}
`

const config = plugin =>
  `${plugin ? "import forkpoint from 'forkpoint/vitest'\n" : ''}export default { plugins: [${plugin}], test: { include: ['suite.test.mjs'] } }\n`

export function run({ rounds }) {
  return KINDS.map(kind => {
    const project = makeProject({
      'suite.test.mjs': suite(kind),
      'plain.config.mjs': config(''),
      'forkpoint.config.mjs': config('forkpoint({ hoist: true })'),
    })
    try {
      const { plain, forkpoint } = timeInTurn(
        {
          plain: () => timeRun(project, 'plain.config.mjs'),
          forkpoint: () => timeRun(project, 'forkpoint.config.mjs'),
        },
        rounds,
      )
      const of = (runs, key) => runs.map(run => run[key])
      return {
        setupMs: kind.setupMs,
        tests: kind.tests,
        plainMs: Math.round(median(of(plain, 'wholeMs'))),
        forkpointMs: Math.round(median(of(forkpoint, 'wholeMs'))),
        ratio: Number(medianRatio(of(forkpoint, 'wholeMs'), of(plain, 'wholeMs')).toFixed(3)),
        filesRatio: Number(medianRatio(of(forkpoint, 'filesMs'), of(plain, 'filesMs')).toFixed(3)),
        decision:
          /(\d+ taken|left plain|Left plain|[Pp]lain[^\n]*)/.exec(forkpoint.at(-1).summary)?.[0] ?? '',
      }
    } finally {
      project.remove()
    }
  })
}
