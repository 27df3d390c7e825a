import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HANG_LIMIT_MS } from './hang-limit.ts'
import { replaceStrings, withoutTimes } from './normalise.ts'
import { readCoverage } from './read-coverage.ts'
import { type Command, type Ended, readOutput, runBounded, startCommand } from './run-bounded.ts'
import { captureFileName, type PluginOptions, suiteConfig } from './suite-config.ts'
import { makeSuiteFolder, readFolder, type SuiteFiles, type SuiteFolder } from './suite-folder.ts'
import type { Captured, SuiteRun } from './suite-run.ts'
import { type TargetName, targetOf } from './targets.ts'

export interface SuiteOptions {
  readonly target: TargetName
  readonly files: SuiteFiles
  /** `false`: plain Vitest, with `setup` standing for `beforeEach`. Otherwise the options of forkpoint. */
  readonly plugin: false | PluginOptions
  /** More of Vitest's `test` options. */
  readonly config?: Readonly<Record<string, unknown>>
  /** More of Vitest's command line. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** After this the run is killed, its `exitCode` is `null` and everything captured so far is there. */
  readonly limitMs?: number
  /** How often it is run in its folder: the last time counts. */
  readonly times?: number
}

const NOTHING: Captured = {
  reason: 'no run',
  order: [],
  tasks: {},
  strayConsole: [],
  unhandledErrors: [],
  snapshot: {},
}

/** What the run would inherit from this one (itself started by Vitest, npm or a CI) and must not see. */
const INHERITED =
  /^(VITEST|FORKPOINT|NODE_OPTIONS|NODE_ENV|NODE_V8_COVERAGE|CI$|GITHUB_|FORCE_COLOR|TEST$|PROD$|DEV$|MODE$|SSR$|BASE_URL|npm_)/

/** The environment of this process without what the run must not see, and with more. */
export function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !INHERITED.test(name))
  return { ...Object.fromEntries(own), NO_COLOR: '1', ...extra }
}

function readCaptured(folder: SuiteFolder): Captured {
  const path = join(folder.own, captureFileName)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Captured) : NOTHING
}

function collect(folder: SuiteFolder, ended: Ended, nodeModules: string): SuiteRun {
  const { exitCode, leftover } = ended
  const rawLines = ended.stdout.split('\n').filter(line => line.startsWith('raw: '))
  const run = {
    exitCode,
    leftover,
    captured: readCaptured(folder),
    files: readFolder(folder.suite),
    coverage: readCoverage(join(folder.own, 'coverage'), folder.suite),
    // Files may run side by side, so only the lines themselves are certain.
    rawLines: rawLines.sort(),
    stdout: withoutTimes(ended.stdout),
    stderr: withoutTimes(ended.stderr),
  }
  return replaceStrings(run, [
    [folder.suite, '<dir>'],
    [folder.root, '<root>'],
    [nodeModules, '<node_modules>'],
  ])
}

/** Writes a suite into a folder of its own, and the command that runs it there. */
function prepareSuite({ target: name, files, plugin, config = {}, args = [], env = {} }: SuiteOptions): {
  folder: SuiteFolder
  nodeModules: string
  command: Omit<Command, 'limitMs'>
} {
  const target = targetOf(name)
  const folder = makeSuiteFolder(files, target.nodeModules)
  const configFile = join(folder.own, 'vitest.config.mjs')
  writeFileSync(configFile, suiteConfig(folder, plugin, config))
  const command = {
    program: target.node,
    args: [target.vitest, 'run', '--config', configFile, ...args],
    cwd: folder.suite,
    env: environment(env),
    logFolder: folder.own,
  }
  return { folder, nodeModules: target.nodeModules, command }
}

/**
 * Runs a suite in a folder of its own under a target's Vitest and returns everything it reported.
 *
 * The folder is removed afterwards unless FORKPOINT_KEEP is set. Two runs of one suite without anything that changes its behaviour are
 * equal; compareRuns says where they are not.
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteRun> {
  const { folder, nodeModules, command } = prepareSuite(options)
  try {
    const run = (): Promise<Ended> => runBounded({ ...command, limitMs: options.limitMs ?? HANG_LIMIT_MS })
    for (let before = 1; before < (options.times ?? 1); before++) await run()
    return collect(folder, await run(), nodeModules)
  } finally {
    if (process.env.FORKPOINT_KEEP) console.log(`kept: ${folder.root}`)
    else rmSync(folder.root, { recursive: true, force: true })
  }
}

/** A suite that is being run, for a test that looks at its processes: ends and removes what it needs by itself. */
export interface StartedSuite {
  readonly child: ChildProcess
  readonly folder: SuiteFolder
  read(ended: Pick<Ended, 'exitCode' | 'leftover'>): SuiteRun
}

export function startSuite(options: SuiteOptions): StartedSuite {
  const { folder, nodeModules, command } = prepareSuite(options)
  const child = startCommand(command)
  const read = (ended: Pick<Ended, 'exitCode' | 'leftover'>): SuiteRun =>
    collect(folder, { ...ended, ...readOutput(folder.own) }, nodeModules)
  return { child, folder, read }
}
