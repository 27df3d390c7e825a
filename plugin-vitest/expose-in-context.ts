import { fileURLToPath } from 'node:url'
import type { loadTransform } from 'forkpoint/adapter'
import { RUNNER_CODE } from './runner-code.ts'
import type { ContextLoader } from './vm-context.ts'

type Transform = Awaited<ReturnType<typeof loadTransform>>

/** Exposes the state of modules that Vitest loads into a context by itself. Call it before user code runs there. */
export function exposeInContext({ esm, cjs }: ContextLoader, { exposeFile }: Transform): void {
  const { createEsModule } = esm
  esm.createEsModule = (url, getCode) => {
    const expose = (code: string): string =>
      isOfJavaScript(url) ? exposeFile(fileURLToPath(url), code, 'module', RUNNER_CODE) : code
    return createEsModule.call(esm, url, () => {
      const code = getCode()
      // In 4.1 it is a promise.
      return typeof code === 'string' ? expose(code) : code.then(expose)
    })
  }
  const { prototype } = cjs.Module
  const { _compile: compile } = prototype
  prototype._compile = function (code, filename) {
    return compile.call(this, exposeFile(filename, code, 'commonjs', RUNNER_CODE), filename)
  }
}

function isOfJavaScript(url: string): boolean {
  return url.startsWith('file:') && !/\.json$/.test(url)
}
