import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { escapePattern, ForkpointError, type RunnerKit, type Trial } from 'forkpoint/adapter'

const [REPORTER, ENVIRONMENT, RUNNER] = ['./jest-trial-reporter.mjs', './jest.mjs', './jest-runner.mjs'].map(
  path => fileURLToPath(new URL(path, import.meta.url)),
)

/** What of a project's configuration takes part in how its tests are run. */
interface ProjectConfig {
  testEnvironment: string
  testEnvironmentOptions: Readonly<Record<string, unknown>>
  runner: string
}

/** Jest, for the command line. */
export const jestKit: RunnerKit = {
  name: 'jest',
  configFiles: /^jest\.config\./,
  line: options =>
    options === ''
      ? "`preset: 'forkpoint'` in jest.config.js"
      : `\`preset: 'forkpoint', testEnvironmentOptions: { forkpoint: ${options} }\` in jest.config.js`,
  prepare(trial) {
    const { runnerFolder, args, options, only } = trial
    const jest = join(runnerFolder, 'bin', 'jest.js')
    // After an option that takes several values another option has to follow.
    const common = [jest, '--reporters', `${REPORTER}`, '--ci', '--coverage=false', '--watchAll=false']
    const name = only === null ? [] : ['--testNamePattern', `^${escapePattern(only.name)}$`]
    const forkpoint = options === null ? [] : withForkpoint(trial, readConfig(jest, trial))
    return { args: [...common, ...forkpoint, ...name, ...args], env: {} }
  },
}

function withForkpoint(
  { options, folder }: Trial,
  { testEnvironment, testEnvironmentOptions }: ProjectConfig,
): string[] {
  const given = { ...testEnvironmentOptions, forkpoint: options }
  return [
    `--env=${environmentFor(testEnvironment, folder)}`,
    `--runner=${RUNNER}`,
    `--testEnvironmentOptions=${JSON.stringify(given)}`,
  ]
}

/** That of Jest for Node, or one that is made of the project's own. */
function environmentFor(own: string, folder: string): string {
  if (own === ENVIRONMENT || /[\\/]jest-environment-node[\\/]/.test(own)) return `${ENVIRONMENT}`
  const path = join(folder, 'environment.mjs')
  const lines = [
    `import { withForkpoint } from ${JSON.stringify(pathToFileURL(`${ENVIRONMENT}`).href)}`,
    `import * as own from ${JSON.stringify(pathToFileURL(own).href)}`,
    'const { default: exported } = own',
    'export default withForkpoint(own.TestEnvironment ?? exported?.TestEnvironment ?? exported?.default ?? exported)',
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** @throws {ForkpointError} `ERR_FORKPOINT_CONFIG` for one that can't be tried as it is */
function readConfig(jest: string, { args, project }: Trial): ProjectConfig {
  const { stdout, stderr } = spawnSync(process.execPath, [jest, '--showConfig', ...args], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const configs = parseConfigs(stdout)
  const [first] = configs
  if (first === undefined) throw unusable(`Jest did not print its configuration: ${withoutStack(stderr)}`)
  const others = configs.filter(each => keyOf(each) !== keyOf(first))
  if (others.length > 0) {
    const environments = [...new Set(configs.map(({ testEnvironment }) => testEnvironment))].join(', ')
    throw unusable(
      `its projects run in different ways (environments: ${environments}). Try them one by one: \`forkpoint try -- --selectProjects NAME\``,
    )
  }
  if (first.runner !== RUNNER && !/[\\/]jest-runner[\\/]|^jest-runner$/.test(first.runner)) {
    throw unusable(
      `two runners want to run the tests: \`runner\` is set to "${first.runner}", and forkpoint brings its own`,
    )
  }
  return first
}

function parseConfigs(text: string): ProjectConfig[] {
  try {
    const { configs } = JSON.parse(text) as { configs: Array<ProjectConfig> }
    return configs.map(({ testEnvironment, testEnvironmentOptions, runner }) => ({
      testEnvironment,
      testEnvironmentOptions,
      runner,
    }))
  } catch {
    return []
  }
}

/** What Jest said, without where in Jest. */
function withoutStack(text: string): string {
  return (text.split(/\n {4}at /)[0] ?? '').trim()
}

function keyOf(config: ProjectConfig): string {
  return JSON.stringify(config)
}

function unusable(why: string): ForkpointError {
  return new ForkpointError('ERR_FORKPOINT_CONFIG', `Failed to try the suite: ${why}`)
}
