import { type EngineName, ForkEngine, type Obstacle, type ResolvedOptions } from 'forkpoint/adapter'
import type { TestProject } from 'vitest/node'

type Config = TestProject['config']

interface Setting {
  config: Config
  options: ResolvedOptions
  engine: EngineName | 'off'
}

interface Precondition {
  isMissing(setting: Setting): boolean
  why(setting: Setting): string
  remedy: string
}

/** Flags of Node whose code may load modules by a thread that a child would not have. */
const LOADERS = /^--(import|loader|experimental-loader)(=|$)/

const PRECONDITIONS: readonly Precondition[] = [
  {
    isMissing: ({ config }) => String(config.pool) !== 'forks',
    why: ({ config }) => `the tests run in the pool '${String(config.pool)}'`,
    remedy: "remove the pool option, or set it to 'forks'",
  },
  {
    isMissing: ({ config }) => config.isolate === false,
    why: () => 'test files are not to be isolated (`isolate: false`)',
    remedy: 'remove `isolate: false`, or `files`',
  },
  {
    isMissing: ({ config }) => config.inspector?.enabled === true,
    why: () => 'a debugger is to be attached, and a forked process can not be debugged',
    remedy: 'debug without forking, or run without --inspect',
  },
  {
    isMissing: ({ config }) => config.experimental?.viteModuleRunner === false,
    why: () =>
      'Node itself loads the modules (`experimental.viteModuleRunner: false`), and would not mock what was loaded before',
    remedy: 'remove the option, or `files`',
  },
  {
    isMissing: ({ config }) => [...config.execArgv, ...nodeOptions()].some(flag => LOADERS.test(flag)),
    why: () =>
      'Node is started with code that may load modules by a thread of its own (--import or --loader)',
    remedy: 'import it in a setup file, or leave the files to the runner',
  },
  {
    isMissing: ({ engine }) => engine === 'heap',
    why: () => 'the heap engine would not know the variables of modules that are imported before the fork',
    remedy: "leave the engine to 'auto', or take 'fork'",
  },
  {
    isMissing: ({ options }) => options.fs === 'memory',
    why: () => "modules that are imported before the fork would write past the memory disk (`fs: 'memory'`)",
    remedy: "take `fs: 'journal'`, or leave the files to the runner",
  },
  {
    isMissing: ({ options }) => options.fs === 'overlay',
    why: () =>
      "each test is to have a disk of its own (`fs: 'overlay'`), which has not been tried in forked files",
    remedy: "take `fs: 'journal'`, or leave the files to the runner",
  },
  {
    isMissing: ({ options }) => options.network !== 'real' || options.syscalls,
    why: () =>
      'the kernel is asked for more than memory (`network`, `syscalls`), which has not been tried in forked files',
    remedy: 'remove these options, or leave the files to the runner',
  },
]

/** Why no test file of a project can be forked from a zygote, or null. */
export function findFilesObstacle(setting: Setting): Pick<Obstacle, 'why' | 'remedy'> | null {
  const missing = PRECONDITIONS.find(({ isMissing }) => isMissing(setting))
  if (missing !== undefined) return { why: missing.why(setting), remedy: missing.remedy }
  return ForkEngine.refuseHere()
}

function nodeOptions(): string[] {
  return (process.env.NODE_OPTIONS ?? '').split(/\s+/)
}
