import { EventEmitter } from 'node:events'
import * as fs from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { Readable } from 'node:stream'
import { setImmediate } from '../../intrinsics.ts'
import { CALL_TABLE } from './call-table.ts'
import { turn } from './forms.ts'
import type { MemoryDisk } from './memory-disk.ts'

type Options = Record<string, unknown>
type Done = (error: unknown, ...results: unknown[]) => void

/** What `fs.promises.open` resolves to for a file in memory. It has all of a `FileHandle` but the prototype. */
export class MemoryFileHandle extends EventEmitter {
  readonly #disk: MemoryDisk
  #fd: number
  #closing: Promise<void> | null = null

  constructor(disk: MemoryDisk, fd: number) {
    super()
    this.#disk = disk
    this.#fd = fd
  }

  get fd(): number {
    return this.#fd
  }

  getAsyncId(): number {
    return -1
  }

  appendFile(data: unknown, options?: unknown): Promise<unknown> {
    return this.writeFile(data, options)
  }

  chmod(mode: unknown): Promise<unknown> {
    return this.#call('fchmod', mode)
  }

  chown(uid: unknown, gid: unknown): Promise<unknown> {
    return this.#call('fchown', uid, gid)
  }

  datasync(): Promise<unknown> {
    return this.#call('fsync')
  }

  sync(): Promise<unknown> {
    return this.#call('fsync')
  }

  stat(options?: unknown): Promise<unknown> {
    return this.#call('fstat', options)
  }

  truncate(length?: unknown): Promise<unknown> {
    return this.#call('ftruncate', length)
  }

  utimes(atime: unknown, mtime: unknown): Promise<unknown> {
    return this.#call('futimes', atime, mtime)
  }

  readFile(options?: unknown): Promise<unknown> {
    return this.#call('readFile', options)
  }

  async read(target?: unknown, ...rest: unknown[]): Promise<{ bytesRead: unknown; buffer: unknown }> {
    const isBuffer = ArrayBuffer.isView(target)
    const { buffer = Buffer.alloc(16_384), ...options } = isBuffer ? {} : ((target ?? {}) as Options)
    const args = isBuffer ? [target, ...rest] : [buffer, options]
    return { bytesRead: await this.#call('read', ...args), buffer: isBuffer ? target : buffer }
  }

  async readv(buffers: unknown, position?: unknown): Promise<{ bytesRead: unknown; buffers: unknown }> {
    return { bytesRead: await this.#call('readv', buffers, position), buffers }
  }

  async write(data: unknown, ...rest: unknown[]): Promise<{ bytesWritten: unknown; buffer: unknown }> {
    return { bytesWritten: await this.#call('write', data, ...rest), buffer: data }
  }

  async writev(buffers: unknown, position?: unknown): Promise<{ bytesWritten: unknown; buffers: unknown }> {
    return { bytesWritten: await this.#call('writev', buffers, position), buffers }
  }

  /** From where the last write has ended, like Node: the file keeps what is after that. */
  async writeFile(data: unknown, options?: unknown): Promise<unknown> {
    if (!isIterable(data)) return this.#call('writeFile', data, options)
    for await (const chunk of data) await this.#call('writeFile', chunk, options)
    return undefined
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#fd === -1) return
    const fd = this.#fd
    this.#fd = -1
    CALL_TABLE.close?.call(this.#disk, [fd], () => undefined)
    await turn()
    this.emit('close')
  }

  readLines(options?: Options): Interface {
    return createInterface({ input: this.createReadStream(options), crlfDelay: Number.POSITIVE_INFINITY })
  }

  readableWebStream(): ReadableStream {
    return Readable.toWeb(this.createReadStream({ autoClose: false })) as ReadableStream
  }

  createReadStream(options?: Options): fs.ReadStream {
    return fs.createReadStream('', { ...options, fd: this.#fd, fs: this.#streamCalls() } as never)
  }

  createWriteStream(options?: Options): fs.WriteStream {
    return fs.createWriteStream('', { ...options, fd: this.#fd, fs: this.#streamCalls() } as never)
  }

  /** A stream that closes the file closes the handle. */
  #streamCalls(): Record<string, unknown> {
    const settle = (name: string, [, ...args]: readonly unknown[]): void => {
      const done = args.pop() as Done
      this.#call(name, ...args).then(
        result => setImmediate(done, null, result, args[0]),
        error => setImmediate(done, error),
      )
    }
    return {
      open: fs.open,
      read: (...args: unknown[]) => settle('read', args),
      write: (...args: unknown[]) => settle('write', args),
      writev: (...args: unknown[]) => settle('writev', args),
      fsync: (...args: unknown[]) => settle('fsync', args),
      close: (_: number, done: Done) => void this.close().then(() => done(null), done),
    }
  }

  async #call(name: string, ...args: unknown[]): Promise<unknown> {
    if (this.#fd === -1) {
      throw Object.assign(new Error('file closed'), { code: 'EBADF', syscall: name.replace(/^f(?!ile)/, '') })
    }
    const result = CALL_TABLE[name]?.call(this.#disk, [this.#fd, ...args], () => undefined)
    await turn()
    return result
  }
}

Object.defineProperty(MemoryFileHandle, 'name', { value: 'FileHandle' })
// Not in all releases of Node that forkpoint runs on, and not in all that have `await using`.
const { asyncDispose }: { asyncDispose?: symbol } = Symbol
if (asyncDispose !== undefined) {
  Object.defineProperty(MemoryFileHandle.prototype, asyncDispose, {
    value: MemoryFileHandle.prototype.close,
    writable: true,
    configurable: true,
  })
}

/** Content that comes in parts. */
export function isIterable(data: unknown): data is AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return false
  return Symbol.asyncIterator in data || Symbol.iterator in data
}
