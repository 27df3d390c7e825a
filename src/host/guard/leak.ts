import type { Effect } from '../catalogue/nature.ts'
import type { Stack } from './call-records.ts'

/** What a test can leave running. */
export type LeakKind =
  | 'process'
  | 'thread'
  | 'server'
  | 'UDP socket'
  | 'connection'
  | 'watcher'
  | 'file'
  | 'stream'
  | 'timer'
  /** Node has it, and nobody has seen who opened it. */
  | 'resource'

/** Something that a test has left running. */
export interface Leak {
  /** Null: it is put back without a word. */
  kind: LeakKind | null
  /** As a sentence has it: `the server on port 8080`. */
  what: string
  call: string
  effect: Effect
  /** What it was opened on: a path, an address, a command. */
  resource: string
  /** Of the call that has started it, where that is known. */
  stack: Stack | null
  /** What it runs, where that is known and the call is not. */
  code?: object
  close(): void
  /** It was to live on, whatever becomes of the test: by `unref()`, say. */
  isLetGo: boolean
  /** Its end is not that of the process: it would live on. */
  outlives: boolean
  /** Nobody has seen its start, but the system knows of it. */
  source?: 'syscall'
}

interface LeakWords {
  /** Completes "it was … in the test". */
  began: string
  /** Completes "and still … when it ended". */
  still: string
  /** Completes "it was …". */
  ended: string
  /** A whole sentence. */
  remedy: string
}

const OPEN = { began: 'opened', still: 'was open', ended: 'closed', remedy: 'Close it in the test.' }

export const LEAKS: Readonly<Record<LeakKind, LeakWords>> = {
  process: { began: 'started', still: 'ran', ended: 'killed', remedy: 'End it in the test.' },
  thread: {
    began: 'started',
    still: 'ran',
    ended: 'terminated',
    remedy: 'Await its end, or its `terminate()`, in the test.',
  },
  server: { began: 'started', still: 'listened', ended: 'closed', remedy: 'Close it in the test.' },
  'UDP socket': OPEN,
  connection: OPEN,
  watcher: { began: 'started', still: 'watched', ended: 'closed', remedy: 'Close it in the test.' },
  file: OPEN,
  stream: { ...OPEN, remedy: 'End or destroy it in the test.' },
  resource: {
    ...OPEN,
    ended: 'left to end with the process',
    remedy: 'Close it in the test; Node tells no more of it.',
  },
  timer: {
    began: 'started',
    still: 'waited',
    ended: 'cleared',
    remedy: 'Clear it in the test, or await what it is for.',
  },
}
