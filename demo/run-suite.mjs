import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Runs the demo's suite once in a Vitest of its own, its progress going to the terminal, and measures it from outside.
 *
 * `outcomes` maps the full name of every test to its state. `report` is forkpoint's report file, or null when none
 * was written.
 *
 * @throws when Vitest ends without a result, or ran no test
 */
export async function runSuite(engine, directory) {
  const paths = {
    result: join(directory, `${engine}-result.json`),
    report: join(directory, `${engine}-report.json`),
    setups: join(directory, `${engine}-setups`),
  }
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${paths.result}`]
  const env = { ...process.env, FORKPOINT: engine, DEMO_REPORT: paths.report, DEMO_SETUP_LOG: paths.setups }
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--config', join(here, 'vitest.config.mjs'), ...reporters],
    { env, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const [code, signal] = await once(child, 'exit')
  const wallMs = performance.now() - startedAt
  if (!existsSync(paths.result)) {
    throw new Error(
      `Vitest ended without a result (${signal ?? `exit code ${code}`}); what it said is above.`,
    )
  }
  const result = JSON.parse(readFileSync(paths.result, 'utf8'))
  const outcomes = readOutcomes(result)
  if (outcomes.size === 0) throw new Error('Vitest found no test it could run; what it said is above.')
  return {
    succeeded: code === 0 && result.success,
    wallMs,
    outcomes,
    setups: existsSync(paths.setups) ? readFileSync(paths.setups).length : 0,
    report: existsSync(paths.report) ? JSON.parse(readFileSync(paths.report, 'utf8')) : null,
  }
}

function readOutcomes(result) {
  const outcomes = new Map()
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      outcomes.set(`${relative(here, file.name)} > ${test.fullName}`, test.status)
    }
  }
  return outcomes
}
