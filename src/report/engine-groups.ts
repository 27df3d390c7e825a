import { groupBy } from './group-by.ts'
import type { EngineRecord, FileRecord } from './run-record.ts'

export interface EngineGroup {
  engine: EngineRecord
  /** How many test files ran with it. */
  files: number
}

/** Test files run in processes of their own, so each chooses for itself: the choices made, engines before none, and the most frequent first. */
export function groupEngines(files: readonly FileRecord[]): EngineGroup[] {
  return groupBy(files, ({ engine }) => JSON.stringify(engine))
    .map(([first, ...others]) => ({ engine: first.engine, files: 1 + others.length }))
    .sort(
      (a, b) => Number(a.engine.chosen === 'off') - Number(b.engine.chosen === 'off') || b.files - a.files,
    )
}
