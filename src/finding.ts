/** Names of a test, and of the suite it stands in; empty for the file itself. */
export interface TestPlace {
  suite: string
  test: string
}

/** What kind of fact a finding states. */
export type FindingKind = 'host-call' | 'unrestorable' | 'unstable' | 'leak' | 'rule-unused' | 'fallback'

/**
 * One fact about a run that a person should know: a state that could not be rolled back, a test that has two outcomes, or a suite that was run
 * the slow way and why. The only thing that crosses from the core to an adapter; adapters print or fail, they never detect.
 */
export interface Finding {
  kind: FindingKind
  /** Of what stands outside the process: `unsafe`, because nothing takes back what is done to it; `compensable`, what could be. */
  nature?: 'unsafe' | 'compensable' | 'safe' | 'virtualised'
  /** What in the world outside it touches: `net.connection`, `process.child`. */
  effect?: string
  /** The host call: `fs.rmSync`. */
  call?: string
  /** What it was done to: a path, an address, a command. */
  resource?: string
  /** One sentence: what, the usual cause, the remedy. */
  detail: string
  /** Name of the suite (fallback) the finding is about; empty for the file itself. */
  suite?: string
  test?: string
  file?: string
  /** `path:line:col` */
  site?: string
  /** Who has seen it: a replaced function, the runtime's own audit, or the system. */
  source?: 'js' | 'audit' | 'syscall'
  undone?: boolean
  /** With `FORKPOINT_TRACE=1`. */
  stack?: string
  /** How often it was seen; equal findings are merged. */
  count: number
}
