import type { WriteStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { framesOf } from '../../call-site.ts'
import { readPath } from '../memory-disk/read-arguments.ts'
import { real } from '../memory-disk/real-disk.ts'
import { type Stack, stackBelow } from './call-records.ts'
import type { HostGuard } from './host-guard.ts'
import type { WatchedCall } from './watched-calls.ts'

type Opening = Pick<WatchedCall, 'name' | 'args' | 'below'>

/** Before a file is opened. @returns takes note of the descriptor; null where nobody asks */
export function noteDescriptor(guard: HostGuard, call: Opening): ((fd: unknown) => void) | null {
  if (guard.phase !== 'test') return null
  const stack = stackBelow(call.below)
  const [target] = call.args
  return fd => {
    if (typeof fd !== 'number') return
    // A stream opens its file when no line of user code is under way, and is closed in its own way.
    const isOpen = (): boolean => isStillOpen(fd, target) && framesOf(stack).length > 0
    open(guard, call, stack, { fd, isOpen, close: () => real.closeSync(fd) })
  }
}

/** Before a file is opened. @returns takes note of the handle; null where nobody asks */
export function noteFileHandle(guard: HostGuard, call: Opening): ((handle: FileHandle) => void) | null {
  if (guard.phase !== 'test') return null
  const stack = stackBelow(call.below)
  return handle => {
    open(guard, call, stack, {
      isOpen: () => handle.fd >= 0,
      close: () => void handle.close().catch(() => {}),
    })
  }
}

export function noteStream(guard: HostGuard, call: Opening, stream: WriteStream): void {
  if (guard.phase !== 'test') return
  const { path } = stream
  guard.open(
    {
      kind: 'stream',
      what: `a stream to ${String(path)}`,
      call: call.name,
      effect: 'fs.open',
      resource: String(path),
      isOpen: () => !stream.destroyed && !stream.writableEnded,
      close: () => stream.destroy(),
    },
    call.below,
  )
}

interface Closable {
  fd?: number
  isOpen(): boolean
  close(): void
}

function open(guard: HostGuard, { name, args: [target], below }: Opening, stack: Stack, own: Closable): void {
  const resource = readPath(target) ?? ''
  guard.open(
    { ...own, kind: 'file', what: `the file ${resource}`, call: name, effect: 'fs.open', resource },
    below,
    stack,
  )
}

/** The number may be that of another file by now, or of something else. */
function isStillOpen(fd: number, target: unknown): boolean {
  try {
    const there = real.statSync(target as string)
    const { ino, dev } = real.fstatSync(fd)
    return there.isFile() && there.ino === ino && there.dev === dev
  } catch {
    return false
  }
}
