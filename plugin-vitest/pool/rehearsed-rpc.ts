import { pathToFileURL } from 'node:url'

/** A test file as Vite gives it to a worker. */
const CODE = `
const { expect, test } = await __vite_ssr_import__('vitest')
test('is rehearsed', () => { expect(1).toBe(1) })
`

interface Print {
  type: 'stdout' | 'stderr'
  content: string
}

type Method = (...args: never[]) => unknown

/**
 * What a worker calls of the main process, for a file that is on no disk. Vitest's own way to call would ask for random numbers, which
 * are for the children to begin.
 */
export function rehearsedRpc(path: string, onError: (error: unknown) => void): object {
  const methods: Record<string, Method> = {
    resolve: () => null,
    fetch: (id: string) =>
      id === path
        ? { code: CODE, file: path, id: path, url: path, invalidate: false }
        : { externalize: pathToFileURL(id).href, type: 'module' },
    resolveSnapshotPath: () => `${path}.snap`,
    onUnhandledError: onError,
    // Of modules that are imported ahead.
    onUserConsoleLog: ({ type, content }: Print) => process[type].write(content),
  }
  const call = (name: string): Method => {
    const method = async (...args: never[]): Promise<unknown> => methods[name]?.(...args)
    return Object.assign(method, { asEvent: method })
  }
  return new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : call(String(name))) })
}
