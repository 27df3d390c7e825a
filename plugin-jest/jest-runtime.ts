import { createRequire } from 'node:module'
import type { TransformResult } from './exposed-sources.ts'
import { loadJestModule, missing } from './jest-modules.ts'
import type { Transformer } from './native-transforms.ts'

/** What a file was made of before it ran. */
type Transforms = Map<string, Transform>

interface Transform {
  code: string
  originalCode: string
  sourceMapPath: string | null
  /** In 29.7: where the code begins in what was run. */
  wrapperLength?: number
}

export interface TransformOptions {
  /** One of Jest's own, which no transform of the user's sees. */
  isInternalModule?: boolean
  /** The file is loaded as an ES module. */
  supportsStaticESM?: boolean
}

type Process<Result> = (file: string, options: TransformOptions, source?: string) => Result

/** Jest's way from a file to the code that runs: the transforms of the configuration, and coverage by istanbul. One for each test file. */
export interface ScriptTransformer {
  transform: Process<TransformResult>
  transformAsync: Process<Promise<TransformResult>>
  /** The transforms of the configuration, by pattern and path. */
  _transformCache?: Map<string, { transformer: Transformer; transformerConfig?: unknown }>
}

interface Session {
  post(method: string, callback: (error: Error | null, answer: { result: ScriptCoverage[] }) => void): void
}

export interface ScriptCoverage {
  url: string
  functions: ReadonlyArray<{
    ranges: ReadonlyArray<{ startOffset: number; endOffset: number; count: number }>
  }>
}

interface Coverage {
  sources?: Transforms
  instrumenter?: { session: Session }
  result?: ScriptCoverage[]
}

/** Jest's module system of one test file, as far as forkpoint needs it. Private fields: those of 30, and of 29.7. */
export interface JestRuntime {
  setGlobalsForRuntime(globals: object): void
  /** Also the last thing that the constructor does. */
  resetModules(): void
  stopCollectingV8Coverage(): Promise<void>
  /** These three since 30. */
  enterTestCode?(): void
  leaveTestCode?(): void
  testState?: { state: string }
  _environment?: object
  v8Coverage?: Coverage
  _v8CoverageInstrumenter?: Coverage['instrumenter']
  _v8CoverageResult?: ScriptCoverage[]
  _v8CoverageSources?: Transforms
  transformCache?: { transforms?: Transforms; scriptTransformer?: ScriptTransformer }
  _fileTransforms?: Transforms
  _scriptTransformer?: ScriptTransformer
}

const runtimes = new WeakMap<object, JestRuntime>()
const awaited = new WeakMap<object, Array<(runtime: JestRuntime) => void>>()
const patched = new WeakSet<object>()

/** Has each runtime that is made from now on be found by its environment: Jest tells an environment nothing of it. */
export function watchRuntimes(): void {
  const { cache } = createRequire(import.meta.url)
  const loaded = Object.keys(cache).filter(file => /[\\/]jest-runtime[\\/]build[\\/]index\.js$/.test(file))
  const modules = loaded.map(file => cache[file]?.exports as object)
  if (modules.length === 0) modules.push(loadJestModule('jest-runtime'))
  for (const { default: Runtime } of modules as Array<{ default: { prototype: JestRuntime } }>) {
    const { prototype } = Runtime
    if (patched.has(prototype)) continue
    patched.add(prototype)
    const { setGlobalsForRuntime, resetModules } = prototype
    if (setGlobalsForRuntime === undefined) throw missing('Runtime.prototype.setGlobalsForRuntime')
    if (resetModules === undefined) throw missing('Runtime.prototype.resetModules')
    prototype.setGlobalsForRuntime = function (this: JestRuntime, globals) {
      note(this)
      setGlobalsForRuntime.call(this, globals)
    }
    prototype.resetModules = function (this: JestRuntime) {
      note(this)
      resetModules.call(this)
    }
  }
}

function note(runtime: JestRuntime): void {
  const { _environment: environment } = runtime
  if (environment === undefined || runtimes.has(environment)) return
  runtimes.set(environment, runtime)
  for (const use of awaited.get(environment) ?? []) use(runtime)
}

/** Calls `use` with the runtime of an environment that has none yet: before it loads a module of the user's. */
export function whenRuntime(environment: object, use: (runtime: JestRuntime) => void): void {
  awaited.set(environment, [...(awaited.get(environment) ?? []), use])
}

/** Known from the event `setup` on. */
export function runtimeOf(environment: object): JestRuntime | undefined {
  return runtimes.get(environment)
}

export function transformerOf(runtime: JestRuntime): ScriptTransformer {
  const transformer = runtime.transformCache?.scriptTransformer ?? runtime._scriptTransformer
  if (transformer?.transform === undefined || transformer.transformAsync === undefined)
    throw missing('the transformer of the runtime')
  return transformer
}

/** What takes the coverage of this process; null where none is taken. */
export function coverageSession(runtime: JestRuntime): Session | null {
  return (runtime.v8Coverage?.instrumenter ?? runtime._v8CoverageInstrumenter)?.session ?? null
}

export function transformsOf(runtime: JestRuntime): Transforms {
  const transforms = runtime.transformCache?.transforms ?? runtime._fileTransforms
  if (transforms === undefined) throw missing('the transforms of the runtime')
  return transforms
}

/** Once all tests have run: what the files were made of of which coverage was taken. */
export function sourcesOf(runtime: JestRuntime): Transforms {
  const sources = runtime.v8Coverage?.sources ?? runtime._v8CoverageSources
  if (sources === undefined) throw missing('the sources of the coverage')
  return sources
}

/** Once all tests have run: has `change` make another result of the coverage. */
export function changeCoverage(
  runtime: JestRuntime,
  change: (result: ScriptCoverage[]) => ScriptCoverage[],
): void {
  const stop = runtime.stopCollectingV8Coverage.bind(runtime)
  runtime.stopCollectingV8Coverage = async () => {
    await stop()
    if (runtime.v8Coverage?.result !== undefined)
      runtime.v8Coverage.result = change(runtime.v8Coverage.result)
    else if (runtime._v8CoverageResult !== undefined)
      runtime._v8CoverageResult = change(runtime._v8CoverageResult)
    else throw missing('the result of the coverage')
  }
}
