import { type Mount, mountMemoryDisk } from 'forkpoint/adapter'
import { OF_THE_RUN } from './code-of-the-run.ts'

/** Call it before user code runs: who takes a function out of `node:fs` before keeps the real one. */
export function mountDisk(): Mount {
  return mountMemoryDisk({ isOutside: file => OF_THE_RUN.test(file) })
}
