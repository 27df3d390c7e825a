import type { Outcome, Refusal } from '../engine.ts'
import type { Unsuitable } from './import-ahead.ts'
import type { Preload } from './learned-modules.ts'

/** What the main process tells a zygote, over the channel that it was started with. */
export type ZygoteOrder =
  | { prepare: ZygotePlan }
  /** The child is to connect to the address, and say the id first. */
  | { fork: string; address: string }
  | { kill: string; signal: 'SIGTERM' | 'SIGKILL' }

/** What a zygote tells the main process. */
export type ZygoteNote =
  | { ready: ZygoteReport }
  /** It is of no use, and would be without that module. */
  | { unsuitable: Unsuitable }
  /** Nothing can be forked from it: it is of no use. */
  | { unfit: Refusal }
  | { ended: string; outcome: Death }

/** What a zygote has before its first child is forked. */
export interface ZygotePlan {
  /** For who gives the children their work. */
  given: unknown
  /** To be imported in this order. */
  preload: readonly Preload[]
  /** Names of global variables that a module may ask for only when files run. */
  laterGlobals: readonly string[]
}

/** What it took to become ready. */
export interface ZygoteReport {
  /** From the start of the process. */
  startMs: number
  /** In the order in which they were imported. */
  preloaded: ReadonlyArray<{ url: string; ms: number }>
  residentBytes: number
}

/** How a process ended that has brought no result. */
export type Death = Exclude<Outcome, { kind: 'value' }>

/** The first thing that a child says to the main process. */
export interface Hello {
  hello: string
}
