/**
 * A program that `forkpoint try` starts: runs a project's suite by Vitest's own functions, so that neither its configuration nor
 * any other file is touched, and tells what came of it.
 */
import { join, relative } from 'node:path'
import type { ForkpointOptions, TrialMessage, TriedTest } from 'forkpoint/adapter'
import type { Plugin } from 'vitest/config'
import type { Reporter, TestCase, TestModule, TestUserConfig } from 'vitest/node'

/** What the program is given, as JSON. */
export interface TrialInput {
  /** Address of `vitest/node`, as the project has it. */
  vitest: string
  args: readonly string[]
  options: ForkpointOptions | null
  only: { file: string; testNamePattern: string } | null
  cacheFolder: string
}

// Whoever has asked is gone.
process.on('disconnect', () => process.exit(1))
// To listen for it is no reason to stay.
process.channel?.unref()

const input = JSON.parse(process.env.FORKPOINT_TRIAL ?? '{}') as TrialInput
delete process.env.FORKPOINT_TRIAL
const { parseCLI, startVitest, version }: typeof import('vitest/node') = await import(input.vitest)

const reporter: Reporter = {
  onTestCaseResult: test => tell({ type: 'test', test: toTried(test) }),
  onTestModuleEnd(module) {
    for (const error of errorsOf(module))
      tell({ type: 'error', file: fileOf(module), message: wordsOf(error) })
  },
  onTestRunEnd(_, errors) {
    for (const error of errors) tell({ type: 'error', file: '', message: wordsOf(error) })
    tell({ type: 'end' })
  },
}

const { filter, options } = parseCLI(['vitest', 'run', ...input.args])
const { only } = input
await startVitest(
  'test',
  only === null ? filter : [only.file],
  {
    ...options,
    ...(only && { testNamePattern: only.testNamePattern }),
    run: true,
    watch: false,
    reporters: [reporter],
    coverage: { enabled: false },
    // Neither written nor rewritten.
    update: 'none',
    ...moduleCache(join(input.cacheFolder, 'modules')),
  } as never,
  { cacheDir: input.cacheFolder, plugins: await plugins() },
)

/** Of transformed modules, which each run has for itself: neither profits from the one before it. */
function moduleCache(fsModuleCachePath: string): object {
  return version.startsWith('4.') ? { experimental: { fsModuleCachePath } } : { fsModuleCachePath }
}

/** For all projects: those that stand in the configuration don't have the plugins of the root. */
async function plugins(): Promise<Plugin[]> {
  if (input.options === null) return []
  const { default: forkpoint }: typeof import('./index.ts') = await import(
    new URL('./vitest.mjs', import.meta.url).href
  )
  const given = input.options
  const ofProjects: Plugin = {
    name: 'forkpoint:projects',
    config({ test }: { test?: TestUserConfig }) {
      for (const project of test?.projects ?? []) {
        if (typeof project === 'object' && !('then' in project))
          project.plugins = [...(project.plugins ?? []), forkpoint(given)]
      }
    },
  }
  return [...forkpoint(given), ofProjects]
}

function toTried(test: TestCase): TriedTest {
  const { state, errors } = test.result()
  const path: string[] = [test.name]
  for (let { parent } = test; parent.type === 'suite'; parent = parent.parent) path.unshift(parent.name)
  return {
    file: fileOf(test.module),
    name: path.join(' '),
    path,
    state: state === 'pending' ? 'skipped' : state,
    message: wordsOf(errors?.[0]),
  }
}

function errorsOf(module: TestModule): unknown[] {
  const ofSuites = [...module.children.allSuites()].flatMap(suite => suite.errors())
  return [...module.errors(), ...ofSuites]
}

function fileOf({ moduleId }: TestModule): string {
  return relative(process.cwd(), moduleId)
}

function wordsOf(error: unknown): string {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown }
  return message === undefined ? String(error ?? '') : `${name ?? 'Error'}: ${message}`
}

function tell(message: TrialMessage): void {
  process.send?.(message)
}
