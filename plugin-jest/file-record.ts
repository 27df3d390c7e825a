import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import type { FileRecord } from 'forkpoint/adapter'
import { loadJestModule } from './jest-modules.ts'

/** The name under which the record of a file comes to the main process. */
export const RECORD_EVENT = 'forkpoint-file'

const OWN_RUNNER = fileURLToPath(new URL('./jest-runner.mjs', import.meta.url))
let hasSaid = false

/** What became of a file: told to forkpoint's runner; where another one runs the tests, what matters is printed here, once. */
export function tellRecord(record: FileRecord, runner: string): void {
  if (runner === OWN_RUNNER) {
    sendRecord(record)
    return
  }
  const [refusal] = record.engine.refused
  if (hasSaid || refusal === undefined) return
  hasSaid = true
  const { why, remedy } = refusal
  process.stderr.write(`[forkpoint] Setups are re-run for every test: ${why}; ${remedy}\n`)
}

/** Tells the main process what became of a file: through Jest's own channel, or directly where the tests run in that process. */
function sendRecord(record: FileRecord): void {
  if (isMainThread && process.send === undefined) {
    process.emit(RECORD_EVENT as never, record as never)
    return
  }
  const { messageParent } = loadJestModule('jest-worker') as { messageParent(message: unknown): void }
  messageParent([RECORD_EVENT, record])
}
