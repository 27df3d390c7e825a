import type { MemoryDisk, ProcessWatch, ResolvedOptions } from 'forkpoint/adapter'
import type { Hook, RuntimeGlobals, Test } from './circus.ts'
import type { Environment, GlobalConfig } from './environment-class.ts'
import type { HookMark } from './hook-marks.ts'
import type { PreparedContext } from './prepared-context.ts'

export interface RollbackParts {
  environment: Environment
  /** Jest's console for the file. */
  console: object
  testPath: string
  options: ResolvedOptions
  globals: RuntimeGlobals
  /** Jest's own hook around each test, which puts back mocks and modules as configured. */
  ofJest: Hook | undefined
  /** Of the setups. */
  marks: ReadonlyMap<Hook, HookMark>
  watch: ProcessWatch
  /** Null where the heap engine is not to run. */
  prepared: PreparedContext | null
  /** The configuration of the run. */
  run: GlobalConfig
  rootDir: string
  /** The path of circus. */
  testRunner: string
  /** Calls what the test has given to `onRollback`. */
  runUndos(test: Test): Promise<void>
  /** Where the files of tests go; null for the real disk. */
  disk: MemoryDisk | null
}
