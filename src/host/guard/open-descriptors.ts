import { framesOf } from '../../call-site.ts'
import { readPath } from '../memory-disk/read-arguments.ts'
import { real } from '../memory-disk/real-disk.ts'
import type { Stack } from './call-records.ts'
import type { Leak } from './leak.ts'

/** A file that was opened under a number. */
export interface Opened {
  /** As the catalogue has it: `fs.openSync`. */
  call: string
  target: unknown
  stack: Stack | null
  /** It was declared to be no matter. */
  isSafe: boolean
}

/** Of so many openings under one number the line is noted: who opens and closes in a loop gets one number again and again. */
const NOTED = 16

/**
 * The files that a test opens, by their numbers: whoever opens one gets the number of one that is closed, so that nobody has to be
 * watched who closes. To take note of one costs next to nothing, but for its line.
 */
export class OpenDescriptors {
  readonly #noted: number
  readonly #opened = new Map<number, Opened & { times: number }>()

  /** @param trace the line of every opening is noted */
  constructor(trace: boolean) {
    this.#noted = trace ? Number.POSITIVE_INFINITY : NOTED
  }

  begin(): void {
    this.#opened.clear()
  }

  /** Whether the line of the next opening under this number is to be noted. */
  isLineWanted(fd: number): boolean {
    return (this.#opened.get(fd)?.times ?? 0) < this.#noted
  }

  add(fd: number, { call, target, stack, isSafe }: Opened): void {
    const known = this.#opened.get(fd)
    if (known === undefined) {
      this.#opened.set(fd, { call, target, stack, isSafe, times: 1 })
      return
    }
    known.call = call
    known.target = target
    known.stack = stack
    known.isSafe = isSafe
    known.times++
  }

  isAnyOpen(): boolean {
    return [...this.#opened].some(([fd, opened]) => isOpen(fd, opened))
  }

  /** What is still open, and forgets the rest. */
  takeLeaks(): Leak[] {
    const leaks = [...this.#opened].filter(([fd, opened]) => isOpen(fd, opened)).map(toLeak)
    this.#opened.clear()
    return leaks
  }
}

/** The number may be that of another file by now, or of something else. */
function isOpen(fd: number, { target, stack }: Opened): boolean {
  try {
    const { ino, dev } = real.fstatSync(fd)
    const there = real.statSync(target as string)
    if (!there.isFile() || there.ino !== ino || there.dev !== dev) return false
  } catch {
    return false
  }
  // A stream opens its file when no line of user code is under way, and is closed in its own way.
  return stack === null || framesOf(stack).length > 0
}

function toLeak([fd, { call, target, stack, isSafe }]: [number, Opened]): Leak {
  const resource = readPath(target) ?? ''
  return {
    kind: 'file',
    what: `the file ${resource}`,
    call,
    effect: 'fs.open',
    resource,
    stack,
    isLetGo: isSafe,
    outlives: false,
    close: () => real.closeSync(fd),
  }
}
