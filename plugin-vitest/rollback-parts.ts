import type {
  HeapEngine,
  HostGuard,
  MemoryDisk,
  ProcessWatch,
  Refusal,
  ResolvedOptions,
} from 'forkpoint/adapter'
import type { RunnerTaskEventPack, RunnerTaskResultPack, SerializedConfig, TestRunner } from 'vitest'
import type { HookMarks } from './hook-marks.ts'
import type { Suite, Test } from './internals.ts'

export type CancelReason = Parameters<TestRunner['cancel']>[0]

/** Vitest's own part of what the runner does at each event. */
export interface VitestPart {
  beforeSuite(suite: Suite): Promise<void>
  afterSuite(suite: Suite): Promise<void>
  beforeTask(test: Test): Promise<void>
  beforeTry(test: Test): void
  afterTry(test: Test): void
  afterTask(test: Test): void
  cancel(reason: CancelReason): void
}

/** Methods that Vitest replaces on the runner's instance: these go through its own part, the class's methods do not. */
export interface Patched {
  runTask?: (test: Test) => unknown
  onTaskUpdate?: (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>
  onAfterRunTask(test: Test): Promise<void> | void
  onAfterRunFiles(files: Array<{ name: string }>): Promise<void>
}

export interface RollbackParts {
  runner: object
  config: SerializedConfig
  vitest: VitestPart
  options: ResolvedOptions
  obstacle: Refusal | null
  /** Null where it is not to run. */
  heap: HeapEngine | null
  heapObstacle: Refusal | null
  /** Where the files of tests go; null for the real disk. */
  disk: MemoryDisk | null
  /** Watches host calls; null where nothing does. */
  guard: HostGuard | null
  marks: HookMarks
  watch: ProcessWatch
}
