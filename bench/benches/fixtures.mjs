// Ways to have a fixture fresh for every test: rebuilt, cloned by its library, a transaction taken back, or rolled back by
// fork(2). Reset and body, because the body is slower in a child.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installBench } from '../support/install.mjs'

/** How many times faster than a rebuild, reset and body together, and than the library's own clone. */
const TARGETS = {
  pglite: { rebuild: 60, clone: 25 },
  'ts-morph': { rebuild: 5 },
  memfs: { rebuild: 8 },
  fastify: { rebuild: 12 },
  'objects-1e5': { rebuild: 5 },
  'objects-1e6': { rebuild: 25 },
}
const WAYS = ['rebuild', 'clone', 'transaction', 'fork', 'fork, cold', 'heap', 'warm']

/** As the Vitest plugin starts its workers. */
const { START_FLAGS, tuningFlags } = await import(new URL('../../dist/adapter.mjs', import.meta.url))

/** The heap engine has no flags; it must see the modules as they are loaded. */
const FLAGS = {
  fork: [...START_FLAGS, ...tuningFlags(process.versions.node)],
  heap: ['--import', new URL('../../dist/register.mjs', import.meta.url).href],
}

function measure(name, way) {
  const script = fileURLToPath(new URL('../support/measure-fixture.mjs', import.meta.url))
  const engine = way === 'heap' ? 'heap' : 'fork'
  const env = { ...process.env, FORKPOINT: engine }
  const output = execFileSync(process.execPath, [...FLAGS[engine], script, name, way], {
    encoding: 'utf8',
    env,
  })
  return JSON.parse(output)
}

const round = (value, digits = 1) => (value === undefined ? null : Number(value.toFixed(digits)))

export function run({ only }) {
  installBench()
  return Object.entries(TARGETS)
    .filter(([name]) => only === undefined || name === only)
    .flatMap(([name, target]) => {
      const of = Object.fromEntries(WAYS.map(way => [way, measure(name, way)]))
      return WAYS.filter(way => of[way] !== null).map(way => ({
        fixture: of[way].title,
        way: way === 'clone' ? of[way].clone : way,
        resetMs: round(of[way].resetMs, 2),
        bodyMs: round(of[way].bodyMs, 2),
        totalMs: round(of[way].totalMs, 2),
        fasterThanRebuild: round(of.rebuild.totalMs / of[way].totalMs),
        fasterThanClone: round(of.clone ? of.clone.totalMs / of[way].totalMs : undefined),
        target:
          way === 'fork'
            ? Object.entries(target)
                .map(([over, times]) => `${over} ${times}x`)
                .join(', ')
            : null,
        bodyToWarm: round(of[way].bodyMs / of.warm.bodyMs, 2),
        residentMb: round(of[way].residentMb, 0),
      }))
    })
}
