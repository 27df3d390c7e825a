import type { Effect, Nature } from '../catalogue/nature.ts'

/** A call that was seen while a test ran, and has not been judged by the project's rules. */
export interface HostCall {
  /** As the catalogue has it: `fs.rmSync`. */
  call: string
  effect: Effect
  nature: Nature
  /** What it was done to: a path, an address, a command. */
  resource: string
  /** Who has seen it, if not a replaced function. */
  source?: 'audit' | 'syscall'
  /** Whether it has had its effect, when the test ends; without it, it has. */
  hasHappened?(): boolean
}
