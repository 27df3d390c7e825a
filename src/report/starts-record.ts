/** With `files: 'fork'`: how the processes of the test files of a run were started. */
export interface StartsRecord {
  /** How many were forked. */
  forked: number
  /** Those that the runner started itself, and why. */
  left: LeftFile[]
  /** What files were forked from. */
  zygotes: ZygoteRecord[]
}

export interface LeftFile {
  /** Empty for all of a project. */
  file: string
  why: string
  remedy: string
}

export interface ZygoteRecord {
  /** From its start until the first file could be forked. */
  startMs: number
  residentMb: number
  /** Modules that its files did not have to import, and what importing them once took. */
  preloaded: Array<{ url: string; ms: number }>
  files: number
}
