import type { ContextLoader } from './vm-context.ts'

type Exports = Readonly<Record<string, unknown>>

/** Under this name each copy of forkpoint finds its state, in a context too. */
const STATE: unique symbol = Symbol.for('forkpoint.state') as never

/**
 * Has code in a context of node:vm import forkpoint as Node itself has loaded it: in the context its own built-ins, and what it
 * keeps, would be among what it puts back, and each test file would have its own. Call it before any of it is imported there.
 */
export function enterContext({ context, esm }: ContextLoader): void {
  // What a context gets by `import` is Vitest's, and loads into the context.
  const { createRequire } = process.getBuiltinModule('node:module')
  const require = createRequire(import.meta.url)
  const entries = ['forkpoint', 'forkpoint/adapter'].map(
    name =>
      [
        import.meta.resolve(name),
        require(name === 'forkpoint' ? './index.mjs' : './adapter.mjs') as Exports,
      ] as const,
  )
  for (const [url, exports] of entries) esm.moduleCache.set(url, asModule(url, exports, context))
  const { sharedState } = require('./adapter.mjs') as typeof import('forkpoint/adapter')
  const shared = sharedState()
  Object.defineProperty(context, STATE, { value: shared, configurable: true })
}

function asModule(identifier: string, exports: Exports, context: object): object {
  const { SyntheticModule } = process.getBuiltinModule('node:vm')
  const names = Object.keys(exports)
  const module = new SyntheticModule(
    names,
    () => {
      for (const name of names) module.setExport(name, exports[name])
    },
    { identifier, context },
  )
  return module
}
