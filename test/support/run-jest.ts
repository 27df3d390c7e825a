import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { HANG_LIMIT_MS } from './hang-limit.ts'
import { type JestTargetName, jestTargets, modulesOf } from './jest-targets.ts'
import { replaceStrings, withoutTimes } from './normalise.ts'
import { type Ended, runBounded } from './run-bounded.ts'
import { environment } from './run-suite.ts'
import { makeSuiteFolder, readFolder, type SuiteFiles } from './suite-folder.ts'
import { repositoryRoot } from './targets.ts'

/** `false`: plain Jest, with `setup` standing for `beforeEach`. Otherwise the options of forkpoint. */
export type Variant = false | Readonly<Record<string, unknown>>

export interface JestOptions<Name extends string> {
  readonly target: JestTargetName
  readonly files: SuiteFiles
  /** Each is a project of its own, in one run. */
  readonly variants: Readonly<Record<Name, Variant>>
  /** More of each project's configuration. */
  readonly config?: Readonly<Record<string, unknown>>
  /** More of one's. */
  readonly configOf?: Readonly<Partial<Record<Name, Readonly<Record<string, unknown>>>>>
  /** More of the run's. */
  readonly runConfig?: Readonly<Record<string, unknown>>
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly limitMs?: number
}

/** One test, as Jest's reporters are told of it. */
export interface CapturedJestTest {
  readonly fullName: string
  readonly status: string
  readonly failureMessages: ReadonlyArray<{ text: string; frames: readonly string[] }>
  readonly [further: string]: unknown
}

/** Everything that one run of Jest reported of one variant, without times and without the folder it ran in. */
export interface VariantRun {
  /** What was captured, by the test file. */
  readonly tested: Readonly<Record<string, { readonly tests: readonly CapturedJestTest[] }>>
  /** The suite's files after the run. */
  readonly files: Readonly<Record<string, string>>
  /** What of each source was covered; not how often, which setup run once changes. */
  readonly coverage: Readonly<Record<string, unknown>>
}

export interface JestRun<Name extends string> extends Ended {
  readonly variants: Readonly<Record<Name, VariantRun>>
  /** Lines that tests wrote past the console, straight to the process' output, as "raw: …". */
  readonly rawLines: readonly string[]
  /** Of forkpoint, if it wrote one. */
  readonly report: unknown
}

const support = join(repositoryRoot, 'test', 'support')

function readJson(path: string): Record<string, never> {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The configuration of one project. */
function projectOf(suite: string, own: string, variant: Variant): object {
  const common = { rootDir: suite, cacheDirectory: join(own, 'cache') }
  if (variant !== false) {
    const forkpoint = { report: join(own, 'report.json'), ...variant }
    return { ...common, preset: 'forkpoint', testEnvironmentOptions: { forkpoint } }
  }
  // In a folder of packages, like the package itself: Jest shows no source of it.
  const plain = join(own, 'node_modules', 'forkpoint', 'index.cjs')
  cpSync(join(support, 'plain-jest-setup.cjs'), plain)
  return { ...common, moduleNameMapper: { '^forkpoint$': plain } }
}

/** Runs a suite in folders of its own under a target's Jest and returns everything it reported. */
export async function runJest<Name extends string>(options: JestOptions<Name>): Promise<JestRun<Name>> {
  const {
    target: name,
    files,
    variants,
    config = {},
    configOf = {},
    runConfig = {},
    args = [],
    env = {},
  } = options
  const target = jestTargets[name]
  const nodeModules = modulesOf(target)
  const { root, suite, own } = makeSuiteFolder(files, nodeModules)
  const names = Object.keys(variants) as Name[]
  const folderOf = (variant: Name): string => join(root, `suite-${names.indexOf(variant)}`)
  try {
    const ofVariants: JestOptions<string>['configOf'] = configOf
    const projects = names.map(each => {
      cpSync(suite, folderOf(each), { recursive: true })
      return { ...projectOf(folderOf(each), own, variants[each]), ...config, ...ofVariants?.[each] }
    })
    mkdirSync(join(own, 'cache'), { recursive: true })
    const configFile = join(root, 'jest.config.cjs')
    const whole = {
      projects,
      reporters: [
        'default',
        [join(support, 'capture-jest.cjs'), { root, outputFile: join(own, 'captured.json') }],
      ],
      coverageDirectory: join(own, 'coverage'),
      coverageReporters: ['json'],
      ...runConfig,
    }
    writeFileSync(configFile, `module.exports = ${sourceOf(whole)}`)
    const jest = join(nodeModules, 'jest', 'bin', 'jest.js')
    const ended = await runBounded({
      program: target.node,
      args: [
        jest,
        '--config',
        configFile,
        '--ci=false',
        ...(args.includes('-i') ? [] : ['--maxWorkers=2']),
        ...args,
      ],
      cwd: root,
      env: environment(env),
      logFolder: own,
      limitMs: options.limitMs ?? HANG_LIMIT_MS,
    })
    const captured = readJson(join(own, 'captured.json'))
    const coverage = readJson(join(own, 'coverage', 'coverage-final.json'))
    const read = (variant: Name): VariantRun => {
      const folder = folderOf(variant)
      const run = {
        tested: entriesBelow(captured, folder),
        files: readFolder(folder),
        coverage: coveredOf(entriesBelow(coverage, folder)),
      }
      return replaceStrings(run, [
        [folder, '<dir>'],
        [basename(folder), '<suite>'],
        [nodeModules, '<node_modules>'],
      ])
    }
    return {
      ...ended,
      stdout: withoutTimes(ended.stdout),
      stderr: withoutTimes(ended.stderr).replaceAll(root, '<root>'),
      variants: Object.fromEntries(names.map(each => [each, read(each)])) as Record<Name, VariantRun>,
      // Files may run side by side, so only the lines themselves are certain.
      rawLines: ended.stdout
        .split('\n')
        .filter(line => line.startsWith('raw: '))
        .sort(),
      report: readJson(join(own, 'report.json')),
    }
  } finally {
    if (process.env.FORKPOINT_KEEP) console.log(`kept: ${root}`)
    else rmSync(root, { recursive: true, force: true })
  }
}

/** JSON, but for functions: those stand in it as they are written. */
function sourceOf(value: object): string {
  const functions: string[] = []
  const json = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'function' ? `<function ${functions.push(String(inner)) - 1}>` : inner,
  )
  return json.replace(/"<function (\d+)>"/g, (_, index) => functions[Number(index)] ?? '')
}

/** Istanbul's counters, each as whether it was counted at all; without the path of the file, and its hash. */
function coveredOf(files: Readonly<Record<string, object>>): Record<string, unknown> {
  const isCounted = (value: unknown): unknown => {
    if (typeof value === 'number') return value > 0
    return Array.isArray(value) ? value.map(isCounted) : value
  }
  const counted = (counters: object): object =>
    Object.fromEntries(Object.entries(counters).map(([key, value]) => [key, isCounted(value)]))
  return Object.fromEntries(
    Object.entries(files as Record<string, Record<'s' | 'f' | 'b' | 'hash', object>>).map(
      ([name, { s, f, b, hash: _, ...maps }]) => [
        name,
        { ...maps, path: name, s: counted(s), f: counted(f), b: counted(b) },
      ],
    ),
  )
}

/** Of a record by absolute paths what is below a folder, by the paths from there. */
function entriesBelow<Value>(record: Readonly<Record<string, Value>>, folder: string): Record<string, Value> {
  const entries = Object.entries(record).filter(([path]) => path.startsWith(`${folder}/`))
  return Object.fromEntries(entries.map(([path, value]) => [relative(folder, path), value]))
}

/** Every test by its full name, with its status and the first lines of its messages. */
export function jestOutcomes({ tested }: VariantRun): Record<string, string> {
  const tests = Object.entries(tested).flatMap(([file, { tests }]) =>
    tests.map(({ fullName, status, failureMessages }) => {
      const texts = failureMessages.map(({ text }) => text.split('\n')[0])
      return [`${file} > ${fullName}`, [status, ...texts].join(': ')] as const
    }),
  )
  return Object.fromEntries(tests)
}
