import type { LeftProcess } from '../engine.ts'
import type { Addon } from '../fork/addon.ts'

/** See `Addon.endProcesses`. */
export function endProcesses(addon: Addon, onlyIsolated: boolean, kept: readonly number[]): LeftProcess[] {
  return addon
    .endProcesses(onlyIsolated, kept)
    .map(([pid, root, program, command]) => ({ pid, root, program, command }))
}
