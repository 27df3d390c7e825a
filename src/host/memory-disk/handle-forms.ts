import type { FileHandle } from 'node:fs/promises'
import type { Call } from '../patches.ts'
import { changeFile, setMode, setOwner, setTimes } from './attributes.ts'
import { answer, type Form, promise, turn } from './forms.ts'
import type { Inode } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { isIterable, MemoryFileHandle } from './memory-file-handle.ts'
import { Pass, renamePath } from './pass.ts'
import { readData, readMode, readOptions, readTime } from './read-arguments.ts'
import { callReal } from './real-disk.ts'

/** `fs.promises.open`: a handle of memory's, or Node's own for what the disk has and nobody has opened for writing. */
export function openForm(form: Form, original: Call): Call {
  return async function call(this: unknown, ...args) {
    if (!form.isOurs(call, false)) return Reflect.apply(original, this, args)
    const opened = answer(form, args)
    if (!(opened instanceof Pass)) {
      await turn()
      return new MemoryFileHandle(form.disk, Number(opened))
    }
    try {
      const handle = (await callReal(original, this, opened.args)) as FileHandle
      if (opened.path !== undefined) protectAttributes(form.disk, handle, opened.path)
      return handle
    } catch (error) {
      throw renamePath(error, opened)
    }
  }
}

/** What can be changed of a file that is open for reading is changed in memory. */
function protectAttributes(disk: MemoryDisk, handle: FileHandle, path: string): void {
  const change = async (run: (inode: Inode) => void): Promise<void> => changeFile(disk, path, true, run)
  Object.assign(handle, {
    chmod: (mode: unknown) => change(inode => setMode(inode, readMode(mode, 0))),
    chown: (uid: number, gid: number) => change(inode => setOwner(inode, uid, gid)),
    utimes: (atime: unknown, mtime: unknown) =>
      change(inode => setTimes(inode, readTime(atime), readTime(mtime))),
  })
}

/** `readFile`, `writeFile` and `appendFile` of `fs.promises`, which take a handle for a path, and content in parts. */
export function contentForm(name: 'readFile' | 'writeFile' | 'appendFile', form: Form, original: Call): Call {
  return async function call(this: unknown, ...args) {
    const [target, data, options] = args
    if (target instanceof MemoryFileHandle) {
      return name === 'readFile' ? target.readFile(data) : target[name](data, options)
    }
    const isOfHandle = typeof target === 'object' && target !== null && 'fd' in target
    if (isOfHandle || !form.isOurs(call, name === 'readFile')) return Reflect.apply(original, this, args)
    const content = name !== 'readFile' && isIterable(data) ? await join(data, options) : data
    return promise(form, original, this, [target, content, options])
  }
}

async function join(data: AsyncIterable<unknown>, options: unknown): Promise<Buffer> {
  const { encoding } = readOptions(options)
  const parts: Buffer[] = []
  for await (const part of data) parts.push(readData(part, encoding))
  return Buffer.concat(parts)
}

/** `createReadStream` and `createWriteStream`, which take a handle among their options. */
export function streamForm(name: 'createReadStream' | 'createWriteStream', original: Call): Call {
  return function call(this: unknown, ...args) {
    const options = args[1] as { fd?: unknown } | null | undefined
    if (!(options?.fd instanceof MemoryFileHandle)) return Reflect.apply(original, this, args)
    const { fd: handle, ...others } = options
    return handle[name](others)
  }
}
