// What forkpoint adds to a trivial test, against the floor: a bare fork(2) + _exit + wait of a process of the same size, right
// after the tests. `floorMs` is that of plain Vitest's worker, `preparedFloorMs` that of forkpoint's, whose memory is laid
// out for forking by then.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeProject } from '../support/project.mjs'
import { median, timeInTurn, timeRun } from '../support/time-runs.mjs'

const TESTS = 200

const FIXTURES = [
  { name: 'nothing', megabytes: 0, build: 'null' },
  { name: 'objects', megabytes: 105, build: 'buildObjects(105)' },
  { name: 'buffers', megabytes: 105, build: 'buildBuffers(105)' },
  { name: 'objects', megabytes: 455, build: 'buildObjects(455)' },
  { name: 'buffers', megabytes: 455, build: 'buildBuffers(455)' },
]

/** The same file for both: plain Vitest builds the fixture once too, so that the difference is the rollback alone. */
const suite = build => `
import { readFileSync, writeFileSync } from 'node:fs'
import { setup } from 'forkpoint'
import { afterAll, beforeAll, expect, test } from 'vitest'

const MB = 2 ** 20
const buildBuffers = size => Array.from({ length: size }, () => Buffer.alloc(MB, 1))
function buildObjects(size) {
  const objects = []
  const end = process.memoryUsage.rss() + size * MB
  for (let id = 0; id % 1000 > 0 || process.memoryUsage.rss() < end; id++) objects.push({ id, name: 'n' + id, list: [id] })
  return objects
}

let fixture
const build = () => { fixture ??= ${build} }
if (process.env.PLAIN) beforeAll(build)
else setup(build)

for (let i = 0; i < ${TESTS}; i++) {
  test('trivial ' + i, () => {
    if (i === 0) writeFileSync('began.json', String(performance.now()))
    expect(i).toBe(i)
  })
}

afterAll(() => {
  const testsMs = performance.now() - Number(readFileSync('began.json', 'utf8'))
  const loaded = { exports: {} }
  process.dlopen(loaded, process.env.ADDON)
  const { fork, exit, collect, reap, residentBytes } = loaded.exports
  const times = []
  for (let i = 0; i < 31; i++) {
    const start = performance.now()
    const [pid, result] = fork(true, [], [])
    if (pid === 0) exit(0)
    collect(pid, result, 0)
    reap(pid, -1)
    times.push(performance.now() - start)
  }
  const floorMs = times.sort((a, b) => a - b)[15]
  writeFileSync('times.json', JSON.stringify({ testsMs, floorMs, residentMb: residentBytes() / MB }))
})
`

const config = plugin =>
  `${plugin ? "import forkpoint from 'forkpoint/vitest'\n" : ''}export default { plugins: [${plugin}], test: { include: ['suite.test.mjs'] } }\n`

export function run({ rounds }) {
  return FIXTURES.map(({ name, megabytes, build }) => {
    const project = makeProject({
      'suite.test.mjs': suite(build),
      'plain.config.mjs': config(''),
      'forkpoint.config.mjs': config('forkpoint({ warmup: 3 })'),
    })
    try {
      const timeTests = (config, environment) => {
        timeRun(project, config, environment)
        return JSON.parse(readFileSync(join(project.folder, 'times.json'), 'utf8'))
      }
      const { plain, forkpoint } = timeInTurn(
        {
          plain: () => timeTests('plain.config.mjs', { PLAIN: '1', ADDON: project.addon }),
          forkpoint: () => timeTests('forkpoint.config.mjs', { ADDON: project.addon }),
        },
        rounds,
      )
      const floorMs = median(plain.map(run => run.floorMs))
      const preparedFloorMs = median(forkpoint.map(run => run.floorMs))
      const addedMs = median(
        forkpoint.map((run, index) => (run.testsMs - plain[index].testsMs) / (TESTS - 1)),
      )
      return {
        fixture: megabytes === 0 ? name : `${megabytes} MB of ${name}`,
        residentMb: Math.round(median(forkpoint.map(run => run.residentMb))),
        plainMs: Number((median(plain.map(run => run.testsMs)) / (TESTS - 1)).toFixed(2)),
        floorMs: Number(floorMs.toFixed(2)),
        addedMs: Number(addedMs.toFixed(2)),
        ratio: Number((addedMs / floorMs).toFixed(2)),
        preparedFloorMs: Number(preparedFloorMs.toFixed(2)),
        preparedRatio: Number((addedMs / preparedFloorMs).toFixed(2)),
      }
    } finally {
      project.remove()
    }
  })
}
