import { createRequire } from 'node:module'
import { loadJestModule, missing } from './jest-modules.ts'

/** What a file was made of before it ran. */
type Transforms = Map<string, { code: string; originalCode: string; sourceMapPath: string | null }>

interface Session {
  post(method: string, callback: (error: Error | null, answer: { result: ScriptCoverage[] }) => void): void
}

export interface ScriptCoverage {
  url: string
}

interface Coverage {
  instrumenter?: { session: Session }
  result?: ScriptCoverage[]
}

/** Jest's module system of one test file, as far as forkpoint needs it. Private fields: those of 30, and of 29.7. */
export interface JestRuntime {
  setGlobalsForRuntime(globals: object): void
  stopCollectingV8Coverage(): Promise<void>
  _environment?: object
  v8Coverage?: Coverage
  _v8CoverageInstrumenter?: Coverage['instrumenter']
  _v8CoverageResult?: ScriptCoverage[]
  transformCache?: { transforms?: Transforms }
  _fileTransforms?: Transforms
}

const runtimes = new WeakMap<object, JestRuntime>()
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
    const { setGlobalsForRuntime } = prototype
    if (setGlobalsForRuntime === undefined) throw missing('Runtime.prototype.setGlobalsForRuntime')
    prototype.setGlobalsForRuntime = function (this: JestRuntime, globals) {
      if (this._environment !== undefined) runtimes.set(this._environment, this)
      setGlobalsForRuntime.call(this, globals)
    }
  }
}

/** Known from the event `setup` on. */
export function runtimeOf(environment: object): JestRuntime | undefined {
  return runtimes.get(environment)
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
