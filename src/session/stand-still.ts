import type { Obstacle } from '../engine.ts'
import { holdTimers } from '../timers.ts'

/**
 * Waits with `quiesce` until nothing is in flight, and stops the timers before: a test that starts from a setup is there at
 * once, so no interval of it may fire while a checkpoint waits. What stands in the way may itself wait for a timer: then they
 * go on, and it is waited for once more.
 *
 * @returns a function that lets the timers go on, once; or what stands in the way, with no timer stopped
 */
export async function standStill(quiesce: () => Promise<Obstacle[]>): Promise<Obstacle[] | (() => void)> {
  const resume = holdTimers()
  const atFirst = await quiesce()
  if (atFirst.length === 0) return resume
  resume()
  const obstacles = await quiesce()
  return obstacles.length === 0 ? holdTimers() : obstacles
}
