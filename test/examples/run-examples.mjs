// npm run test:examples: installs the projects below docs/examples with the packed package, in a temporary folder, and runs each without
// and with forkpoint. Fails where a test fails, where outcomes differ, or where nothing was rolled back. Names after it: only those.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const examples = join(root, 'docs', 'examples')
const wanted = process.argv.slice(2)
const names = readdirSync(examples, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && (wanted.length === 0 || wanted.includes(entry.name)))
  .map(({ name }) => name)

/** How each runner writes its outcomes as JSON. */
const OUTCOMES = {
  vitest: ['--reporter=default', '--reporter=json', '--outputFile.json=outcomes.json'],
  jest: ['--json', '--outputFile=outcomes.json'],
}

const temporary = mkdtempSync(join(tmpdir(), 'forkpoint-examples-'))
try {
  const tarball = pack()
  for (const name of names) runExample(name, tarball)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

function pack() {
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', temporary], root)
  const [{ filename }] = JSON.parse(output)
  return join(temporary, filename)
}

function runExample(name, tarball) {
  const folder = join(temporary, name)
  cpSync(join(examples, name), folder, { recursive: true })
  const manifestPath = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'))
  manifest.devDependencies.forkpoint = `file:${tarball}`
  writeFileSync(manifestPath, JSON.stringify(manifest, null, 2))
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], folder)

  const runner = 'jest' in manifest.devDependencies ? 'jest' : 'vitest'
  const plain = runTests(folder, runner, 'off')
  const rolledBack = runTests(folder, runner, 'auto')
  const { checkpoints, engine, saved } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  const restores = checkpoints.reduce((sum, each) => sum + each.restores, 0)
  const seconds = ms => `${(ms / 1000).toFixed(1)} s`
  console.log(
    `${name}: ${plain.outcomes.length} tests, ${seconds(plain.ms)} without, ${seconds(rolledBack.ms)} with the ${engine.chosen} engine ` +
      `(${restores} rollbacks, ${seconds(saved.setupMs)} of setup not run)`,
  )
  const failed = [...plain.outcomes, ...rolledBack.outcomes].filter(outcome => !outcome.endsWith(': passed'))
  if (failed.length > 0) throw new Error(`${name}: not passed: ${failed.join('; ')}`)
  if (plain.outcomes.join() !== rolledBack.outcomes.join())
    throw new Error(`${name}: the two runs are of other tests`)
  if (restores === 0)
    throw new Error(`${name}: nothing was rolled back: ${checkpoints.map(({ why }) => why).join('; ')}`)
}

function runTests(folder, runner, engine) {
  const start = performance.now()
  run('npm', ['test', '--', ...OUTCOMES[runner]], folder, { FORKPOINT: engine })
  const ms = performance.now() - start
  const { testResults } = JSON.parse(readFileSync(join(folder, 'outcomes.json'), 'utf8'))
  const outcomes = testResults.flatMap(file =>
    file.assertionResults.map(({ fullName, status }) => `${fullName}: ${status}`),
  )
  return { ms, outcomes: outcomes.sort() }
}

function run(command, args, cwd, more = {}) {
  const env = { ...process.env, ...more, CI: '1' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status} in ${cwd}\n${stdout}${stderr}`)
  return stdout
}
