import type { Addon, MemoryLog } from '../../fork/addon.ts'
import type { Memory } from './entry-store.ts'

const SCOPES = { object: 0, scope: 1, 'two scopes': 2 }

/**
 * From now on changes of that memory of the objects are noticed.
 *
 * @returns the units of those of which that can't be done
 */
export function noteAll(
  addon: Addon,
  log: MemoryLog,
  memory: Memory,
  objects: readonly object[],
  units: Uint32Array,
): Uint32Array {
  if (memory !== 'bytes') return addon.noteObjects(log, objects, units, SCOPES[memory])
  addon.noteBytes(log, objects as readonly Uint8Array[], units)
  return new Uint32Array(0)
}
