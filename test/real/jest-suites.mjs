// Runs test suites that nobody here wrote, as npm packages ship them, in plain Jest and with the preset, and compares the
// results of every test. Everything is installed into a temporary folder from the npm registry, and removed at the end.
//
//   npm run test:real-jest [-- --keep] [-- name of a package]
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Packages with their Jest tests in them, what else these need, and how they are to be run. */
const SUITES = [
  {
    name: 'jest-when',
    version: '3.5.2',
    needs: {},
    config: { resetModules: true },
  },
  {
    name: 'apollo-cache-inmemory',
    version: '1.6.6',
    needs: { 'graphql-tag': '2.12.6', graphql: '14.7.0', lodash: '4.17.21' },
    config: { testMatch: ['**/lib/__tests__/*.js'] },
  },
  {
    name: 'apollo-utilities',
    version: '1.3.4',
    needs: {
      'graphql-tag': '2.12.6',
      graphql: '14.7.0',
      lodash: '4.17.21',
      '@swc/core': '1.15.3',
      '@swc/jest': '0.2.39',
    },
    config: {
      testMatch: ['**/src/**/__tests__/*.ts'],
      transform: { '\\.[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' } } }] },
    },
  },
]

/** How each is run; `null` without forkpoint. Every suite is rolled back, and every hook hoisted that can be. */
const strict = { scope: 'all', hoist: true, warmup: 0 }
const VARIANTS = {
  plain: null,
  preset: {},
  fork: { ...strict, engine: 'fork' },
  heap: { ...strict, engine: 'heap' },
}

const JEST = '30.5.2'

/** @param {string} command @param {string[]} args @param {string} cwd @param {Record<string, string>} [env] */
function run(command, args, cwd, env = {}) {
  const ended = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 28,
    timeout: 300_000,
  })
  return { status: ended.status, output: `${ended.stdout}${ended.stderr}` }
}

/** @param {string} folder @param {typeof SUITES} suites */
function install(folder, suites) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const wanted = { jest: JEST, ...dependencies }
  for (const { name, version, needs } of suites) Object.assign(wanted, { [name]: version, ...needs })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }))
  const installed = run(
    'npm',
    ['install', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--no-package-lock'],
    folder,
  )
  if (installed.status !== 0) throw new Error(`npm install has failed:\n${installed.output}`)
  const own = join(folder, 'node_modules', 'forkpoint')
  mkdirSync(own)
  for (const name of ['package.json', 'dist', 'prebuilds']) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(own, name), { recursive: true })
  }
  // Jest looks for tests in no folder of packages.
  for (const { name } of suites) {
    cpSync(join(folder, 'node_modules', name), join(folder, 'suites', name), { recursive: true })
  }
}

/** What became of every test, by its file and full name; where two have one name, in their order. */
function resultsOf(file) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  const results = new Map()
  for (const { name, assertionResults, message } of testResults) {
    if (assertionResults.length === 0) results.set(name, `could not be run: ${withoutStack(message)}`)
    for (const { fullName, status, failureMessages } of assertionResults) {
      const key = `${name} > ${fullName}`
      const outcome = [status, ...failureMessages.map(withoutStack)].join('\n')
      results.set(key, [...(results.get(key) ?? []), outcome])
    }
  }
  return results
}

/** @param {string} text */
function withoutStack(text) {
  return text
    .split('\n')
    .filter(line => !/^\s+at /.test(line))
    .join('\n')
}

/** Runs one suite in one way. */
function runVariant(folder, { name, config }, variant) {
  const forkpoint = VARIANTS[variant]
  const rootDir = join(folder, 'suites', name)
  const file = join(folder, `${name}-${variant}.json`)
  const report = join(folder, `${name}-${variant}-report.json`)
  const whole = {
    rootDir,
    cacheDirectory: join(folder, 'cache', `${name}-${variant}`),
    ...config,
    ...(forkpoint && {
      preset: 'forkpoint',
      testEnvironmentOptions: { forkpoint: { ...forkpoint, report } },
    }),
  }
  const configFile = join(rootDir, `jest-${variant}.json`)
  writeFileSync(configFile, JSON.stringify(whole))
  const jest = join(folder, 'node_modules', 'jest', 'bin', 'jest.js')
  const args = [jest, '--config', configFile, '--json', `--outputFile=${file}`, '--maxWorkers=2', '--ci']
  const start = performance.now()
  const { output } = run(process.execPath, args, rootDir)
  const seconds = (performance.now() - start) / 1000
  if (!existsSync(file)) return { results: null, output, seconds, restores: 0 }
  const { checkpoints = [] } = forkpoint && existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  const restores = checkpoints.reduce((sum, { restores = 0 }) => sum + restores, 0)
  return { results: resultsOf(file), output, seconds, restores }
}

/** Tests that did not end as in the plain run, each with both outcomes. */
function differencesOf(plain, other) {
  const lines = []
  for (const key of new Set([...plain.keys(), ...other.keys()])) {
    const [one, two] = [plain.get(key), other.get(key)].map(outcome => JSON.stringify(outcome))
    if (one !== two) lines.push(`${key}\n    plain: ${one}\n    here:  ${two}`)
  }
  return lines
}

const asked = process.argv.slice(2).filter(arg => !arg.startsWith('--'))
const suites = SUITES.filter(({ name }) => asked.length === 0 || asked.includes(name))
const folder = mkdtempSync(join(tmpdir(), 'forkpoint-real-jest-'))
let isSame = true
try {
  install(folder, suites)
  const rows = []
  for (const suite of suites) {
    const plain = runVariant(folder, suite, 'plain')
    if (plain.results === null) throw new Error(`${suite.name} does not run in plain Jest:\n${plain.output}`)
    const outcomes = [...plain.results.values()].flat()
    const passed = outcomes.filter(outcome => outcome === 'passed').length
    rows.push({
      suite: `${suite.name}@${suite.version}`,
      run: 'plain',
      tests: outcomes.length,
      passed,
      rolledBack: '',
      same: '',
      seconds: plain.seconds.toFixed(1),
    })
    for (const variant of Object.keys(VARIANTS).slice(1)) {
      const { results, output, seconds, restores } = runVariant(folder, suite, variant)
      const differences = results === null ? [output] : differencesOf(plain.results, results)
      if (differences.length > 0) isSame = false
      for (const line of differences.slice(0, 5)) console.log(`${suite.name}, ${variant}: ${line}`)
      const all = results === null ? [] : [...results.values()].flat()
      rows.push({
        suite: '',
        run: variant,
        tests: all.length,
        passed: all.filter(outcome => outcome === 'passed').length,
        rolledBack: restores,
        same: differences.length === 0 ? 'yes' : `no: ${differences.length} differ`,
        seconds: seconds.toFixed(1),
      })
    }
  }
  console.table(rows)
} finally {
  if (process.argv.includes('--keep')) console.log(`kept: ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}
process.exitCode = isSame ? 0 : 1
