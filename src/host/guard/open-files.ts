import type { WriteStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { findDeclared } from '../../annotations/declared.ts'
import { readPath } from '../memory-disk/read-arguments.ts'
import { type Stack, stackBelow } from './call-records.ts'
import type { HostGuard } from './host-guard.ts'
import type { WatchedCall } from './watched-calls.ts'

type Opening = Pick<WatchedCall, 'name' | 'args' | 'below'>

/** A file was opened, by a call that is still under way. */
export function noteDescriptor(guard: HostGuard, { name, args, below }: Opening, fd: unknown): void {
  if (guard.phase !== 'test' || typeof fd !== 'number') return
  const { descriptors } = guard.handles
  const stack = descriptors.isLineWanted(fd) ? stackBelow(below) : null
  descriptors.add(fd, { call: name, target: args[0], stack, isSafe: findDeclared() !== null })
}

/** Before a file is opened, by a call that gives the descriptor later. @returns takes note of it; null where nobody asks */
export function descriptorNoter(
  guard: HostGuard,
  { name, args: [target], below }: Opening,
): ((fd: unknown) => void) | null {
  if (guard.phase !== 'test') return null
  const stack = stackBelow(below)
  return fd => {
    if (guard.phase !== 'test' || typeof fd !== 'number') return
    guard.handles.descriptors.add(fd, { call: name, target, stack, isSafe: findDeclared() !== null })
  }
}

/** Before a file is opened. @returns takes note of the handle; null where nobody asks */
export function fileHandleNoter(
  guard: HostGuard,
  { name, args: [target], below }: Opening,
): ((handle: FileHandle) => void) | null {
  if (guard.phase !== 'test') return null
  const stack: Stack = stackBelow(below)
  const resource = readPath(target) ?? ''
  return handle => {
    guard.open(
      {
        kind: 'file',
        what: `the file ${resource}`,
        call: name,
        effect: 'fs.open',
        resource,
        isOpen: () => handle.fd >= 0,
        close: () => void handle.close().catch(() => {}),
      },
      below,
      stack,
    )
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
