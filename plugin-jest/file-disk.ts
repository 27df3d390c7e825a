import { type MemoryDisk, mountMemoryDisk } from 'forkpoint/adapter'
import { OF_THE_RUN } from './code-of-the-run.ts'

/** A disk of memory over the real one, for the code of one test file: the process runs others before and after it. */
export interface FileDisk {
  readonly disk: MemoryDisk
  /** The file has ended: Jest's own files go to the real disk, whoever writes them. */
  close(): void
}

/** Call it before user code runs: who takes a function out of `node:fs` before keeps the real one. */
export function openFileDisk(): FileDisk {
  const { disk, activate, undo } = mountMemoryDisk({ isOutside: file => OF_THE_RUN.test(file) })
  activate()
  // The next file may be of a project whose files are watched: it has to see who calls.
  return { disk, close: undo }
}
