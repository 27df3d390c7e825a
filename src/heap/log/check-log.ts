import type { Addon, MemoryLog } from '../../fork/addon.ts'
import { CHANGES } from './changes.ts'
import { makeOld } from './make-old.ts'
import { noteAll } from './note-all.ts'

/** Of each kind there are so many that what belongs to one in the middle stands on other pages than the object itself. */
const EACH = 400
const MIDDLE = EACH / 2

const MEMORIES = ['object', 'scope', 'two scopes'] as const

/** Others of the kind that are tried where something else keeps writing to the page of the first. */
const OFFSETS = [0, 37, 74, 111, 148]

/**
 * Whether the log tells of every kind of change, of the object that was changed. Where V8 keeps something elsewhere than the addon
 * takes it to, this says so, before anything relies on it.
 */
export function checkLog(addon: Addon, log: MemoryLog): boolean {
  const objects = CHANGES.flatMap(({ make }) => Array.from({ length: EACH }, make))
  // What is old stays where it is, so what they grow stands elsewhere.
  makeOld()
  for (let step = 0; CHANGES.some(({ grow }) => step < grow.length); step++) {
    for (const [unit, object] of objects.entries())
      CHANGES[Math.floor(unit / EACH)]?.grow[step]?.(object as never, unit)
    makeOld()
  }
  const note = (units: Uint32Array): Uint32Array[] =>
    MEMORIES.map(memory => {
      const own = units.filter(unit => CHANGES[Math.floor(unit / EACH)]?.memory === memory)
      const ownObjects = Array.from(own, unit => objects[unit] as object)
      return noteAll(addon, log, memory, ownObjects, own)
    })
  const take = (): Uint32Array => {
    const taken = addon.takeWritten(log)
    if (taken.length > 0) note(taken)
    return taken
  }
  try {
    if (note(Uint32Array.from(objects.keys())).some(others => others.length > 0)) return false
    return CHANGES.every(({ change }, index) => {
      const units = OFFSETS.map(offset => index * EACH + MIDDLE + offset)
      const quiet = units.find(unit => !take().includes(unit))
      if (quiet === undefined) return false
      change(objects[quiet] as never)
      return take().includes(quiet)
    })
  } catch {
    return false
  }
}
