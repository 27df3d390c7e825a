/** `setup`: steps of a suite's fixture; `test`: the rest of a test, its hooks included. */
export type Phase = 'setup' | 'test'

export const PHASES: readonly Phase[] = ['setup', 'test']

/** What one process has found about one test file. */
export interface SavedProfile {
  /** Bytes allocated in each phase, what was collected again included, by function and file: `build /app/src/store.ts`. */
  allocated: Record<Phase, Record<string, number>>
  /** How often each phase was entered. */
  runs: Record<Phase, number>
  checkpoints: StateShape[]
}

/** What a checkpoint of the heap engine has recorded. */
export interface StateShape {
  objects: number
  /** Those that can be reached, each counted for the first root that leads to it. */
  roots: Record<string, { objects: number; bytes: number }>
  /** By class. */
  kinds: Record<string, number>
}
