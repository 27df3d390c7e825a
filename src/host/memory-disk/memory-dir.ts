import * as fs from 'node:fs'
import { setImmediate } from '../../intrinsics.ts'

type Done = (error: Error | null, entry?: fs.Dirent | null) => void

/** What `opendir` returns for a directory that is, in part, in memory: an instance of Node's own class to the eye. */
export class MemoryDir {
  readonly path: string
  readonly #entries: fs.Dirent[]
  #isClosed = false

  constructor(path: string, entries: fs.Dirent[]) {
    this.path = path
    this.#entries = entries
  }

  readSync(): fs.Dirent | null {
    if (this.#isClosed) throw closed()
    return this.#entries.shift() ?? null
  }

  closeSync(): void {
    if (this.#isClosed) throw closed()
    this.#isClosed = true
  }

  read(callback?: Done): unknown {
    return this.#settle(() => this.readSync(), callback)
  }

  close(callback?: Done): unknown {
    return this.#settle(() => this.closeSync(), callback)
  }

  async *entries(): AsyncGenerator<fs.Dirent> {
    try {
      for (let entry = this.readSync(); entry !== null; entry = this.readSync()) yield entry
    } finally {
      this.#isClosed = true
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<fs.Dirent> {
    return this.entries()
  }

  #settle<T>(run: () => T, callback: Done | undefined): unknown {
    if (callback === undefined) {
      return new Promise((resolve, reject) =>
        setImmediate(() => {
          try {
            resolve(run())
          } catch (error) {
            reject(error)
          }
        }),
      )
    }
    const result = run()
    setImmediate(() => callback(null, ...(result === undefined ? [] : [result as fs.Dirent | null])))
    return undefined
  }
}

Object.setPrototypeOf(MemoryDir.prototype, fs.Dir.prototype)
// Node's releases differ in which of them they have.
for (const key of ['asyncDispose', 'dispose'] as const) {
  const symbol: symbol | undefined = Symbol[key]
  if (symbol === undefined) continue
  Object.defineProperty(MemoryDir.prototype, symbol, {
    value: key === 'dispose' ? MemoryDir.prototype.closeSync : MemoryDir.prototype.close,
    writable: true,
    configurable: true,
  })
}

function closed(): Error {
  return Object.assign(new Error('Directory handle was closed'), { code: 'ERR_DIR_CLOSED' })
}
