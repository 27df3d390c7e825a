import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareOutcomes } from './compare-outcomes.mjs'
import { explainEngine } from './explain-engine.mjs'
import { formatTable } from './format-table.mjs'
import { runSuite } from './run-suite.mjs'

/** Whether all tests passed in both runs. */
async function runDemo(directory) {
  console.log(
    '1 of 2: the suite as written; every test gets a PostgreSQL of its own, built and filled before it.',
  )
  const plain = await runSuite('off', directory)
  console.log('2 of 2: the same suite with forkpoint.')
  const rolledBack = await runSuite('auto', directory)

  const explained = explainEngine(rolledBack.report)
  if (explained.length > 0) console.log(`\n${explained.join('\n')}`)
  console.log(`\n${formatTable(plain, rolledBack)}`)

  const differences = compareOutcomes(plain.outcomes, rolledBack.outcomes)
  if (differences.length > 0) console.error(`\nNot passed in both runs:\n  ${differences.join('\n  ')}`)
  const failed = Object.entries({ first: plain, second: rolledBack }).filter(([, run]) => !run.succeeded)
  for (const [which] of failed) console.error(`\nVitest failed in the ${which} run; what it said is above.`)
  return differences.length === 0 && failed.length === 0
}

if (!existsSync(new URL('../dist/vitest.mjs', import.meta.url))) {
  console.error('The demo runs the built package, and there is none. Run `npm ci` or `npm run build` first.')
  process.exit(1)
}
const directory = mkdtempSync(join(tmpdir(), 'forkpoint-demo-'))
try {
  process.exitCode = (await runDemo(directory)) ? 0 : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
