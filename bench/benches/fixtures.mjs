// Ways to have a fixture fresh for every test: rebuilt, cloned by its library, a transaction taken back, or rolled back by
// fork(2). Reset and body, because the body is slower in a child.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bench = fileURLToPath(new URL('..', import.meta.url))

/** How many times faster than a rebuild, reset and body together, and than the library's own clone. */
const TARGETS = {
  pglite: { rebuild: 60, clone: 25 },
  'ts-morph': { rebuild: 5 },
  memfs: { rebuild: 8 },
  fastify: { rebuild: 12 },
  'objects-1e5': { rebuild: 5 },
  'objects-1e6': { rebuild: 25 },
}
const WAYS = ['rebuild', 'clone', 'transaction', 'fork', 'fork, cold', 'warm']

/** As the Vitest plugin starts its workers. */
const { START_FLAGS, tuningFlags } = await import(new URL('../../dist/adapter.mjs', import.meta.url))

function measure(name, way) {
  const script = fileURLToPath(new URL('../support/measure-fixture.mjs', import.meta.url))
  const flags = [...START_FLAGS, ...tuningFlags(process.versions.node)]
  return JSON.parse(execFileSync(process.execPath, [...flags, script, name, way], { encoding: 'utf8' }))
}

const round = (value, digits = 1) => (value === undefined ? null : Number(value.toFixed(digits)))

export function run({ only }) {
  if (!existsSync(`${bench}/node_modules`))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: bench, stdio: 'inherit' })
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
