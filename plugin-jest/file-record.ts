import { isMainThread } from 'node:worker_threads'
import type { FileRecord } from 'forkpoint/adapter'
import { loadJestModule } from './jest-modules.ts'

/** The name under which the record of a file comes to the main process. */
export const RECORD_EVENT = 'forkpoint-file'

/** Tells the main process what became of a file: through Jest's own channel, or directly where the tests run in that process. */
export function sendRecord(record: FileRecord): void {
  if (isMainThread && process.send === undefined) {
    process.emit(RECORD_EVENT as never, record as never)
    return
  }
  const { messageParent } = loadJestModule('jest-worker') as { messageParent(message: unknown): void }
  messageParent([RECORD_EVENT, record])
}
