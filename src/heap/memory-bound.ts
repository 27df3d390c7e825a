import { collectGarbage } from '../collect-garbage.ts'
import { getHeapStatistics } from '../intrinsics.ts'

/** Of V8's limit, a part of which is for young objects alone: past it V8 does little but collect, and soon gives up. */
const MOST = 0.7

/** Tables double when they are full: so many bytes an object at once. */
const NEXT_BYTES = 64

const MB = 2 ** 20

/**
 * Why no more may be recorded: a clause with the figures; null while there is room.
 *
 * @param objects that have been recorded so far
 */
export function describeFull(objects: number): string | null {
  if (hasRoom(objects)) return null
  // Some of what is in use is garbage.
  collectGarbage({ type: 'major', execution: 'sync' })
  if (hasRoom(objects)) return null
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  return `the record of it does not fit into memory (${toMb(used)} of ${toMb(limit)} MB are in use)`
}

function hasRoom(objects: number): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  return used + objects * NEXT_BYTES < MOST * limit
}

const toMb = (bytes: number): string => (bytes / MB).toFixed(0)
