/** A module of CommonJS as Vitest keeps it in a context. */
export interface ContextModule {
  exports: unknown
}

interface ModuleClass {
  prototype: { _compile(this: unknown, code: string, filename: string): unknown }
}

/** How Vitest loads, into a context of node:vm, what it leaves to Node elsewhere; the same in 4.1 and 5.1. */
export interface ContextLoader {
  /** As it was given to node:vm: the global object inside is another one, that shows the same. */
  context: object
  esm: {
    /** By address; a promise stands for one that is being loaded. */
    moduleCache: Map<string, object>
    createEsModule(url: string, getCode: () => string | Promise<string>): Promise<object>
  }
  cjs: {
    /** By path. */
    requireCache: Map<string, ContextModule>
    moduleCache: Map<string, object>
    Module: ModuleClass
  }
}

/** In the pools `vmThreads` and `vmForks` this code runs in a context too: its loader. Null in the others. */
export function findContextLoader(): ContextLoader | null {
  const { __vitest_vm_context__: context } = globalThis as {
    __vitest_vm_context__?: { externalModulesExecutor?: ContextLoader }
  }
  return context?.externalModulesExecutor ?? null
}
