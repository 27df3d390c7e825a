import { nameOfCall } from './numbers.ts'

/** What stood at a path before a call; null for nothing. */
export type FileState = string | null

/** A system call, as it was about to be made; see native/call-log.h. */
export interface LoggedCall {
  /** `unlinkat` */
  name: string
  pid: number
  /** The child of the watched process that has started it, or the process itself. */
  root: number
  isMain: boolean
  /** What JavaScript has said of the call that was under way; 0: it knows of none. */
  known: number
  isFollowed: boolean
  before: FileState
  /** The program that made it; empty for the watched process itself. */
  command: string
  /** A path, an address, a number. */
  text: string
  /** The other path, or the words of a command; empty for none. */
  other: string
}

const HEADER = 16
const MOST = 4096
const SIZE = 592
const STATE = 24
const COMMAND = 64
const TEXT = 80
const MOST_TEXT = SIZE - TEXT

/** The log of a process, as the process itself or its parent reads it. */
export class CallLog {
  readonly #bytes: Buffer
  readonly #head: Uint32Array

  constructor(memory: ArrayBuffer) {
    this.#bytes = Buffer.from(memory)
    this.#head = new Uint32Array(memory, 0, 4)
  }

  /** What is said of calls that are made from here on; see `LoggedCall.known`. */
  get known(): number {
    return this.#head[0] ?? 0
  }

  set known(value: number) {
    this.#head[0] = value
  }

  /** How many were seen, also those that there was no room for. */
  get count(): number {
    return this.#head[1] ?? 0
  }

  /** The test begins: what was seen before is none of its own. */
  begin(): void {
    this.#head[2] = this.count
  }

  /** How many were seen before the test. */
  get start(): number {
    return this.#head[2] ?? 0
  }

  /** Those of the test, in order. */
  read(): LoggedCall[] {
    const calls: LoggedCall[] = []
    for (let index = this.start; index < Math.min(this.count, MOST); index++)
      calls.push(this.#readCall(index))
    return calls
  }

  /** As it is now, in memory that nobody shares. */
  copy(): CallLog {
    const length = HEADER + Math.min(this.count, MOST) * SIZE
    return new CallLog((this.#bytes.buffer as ArrayBuffer).slice(0, length))
  }

  clear(): void {
    this.#head.fill(0)
  }

  #readCall(index: number): LoggedCall {
    const bytes = this.#bytes.subarray(HEADER + index * SIZE, HEADER + (index + 1) * SIZE)
    const otherAt = bytes.readUInt16LE(14)
    return {
      name: nameOfCall(bytes.readInt32LE(0)),
      pid: bytes.readInt32LE(4),
      root: bytes.readInt32LE(8),
      isMain: bytes[12] === 1,
      known: bytes[13] ?? 0,
      isFollowed: bytes.readUInt32LE(16) !== 0,
      before: readState(bytes),
      command: readText(bytes, COMMAND, 16),
      text: readText(bytes, TEXT, MOST_TEXT),
      other: otherAt === 0 ? '' : readText(bytes, TEXT + otherAt, MOST_TEXT - otherAt),
    }
  }
}

/** Changes with every change of what stands there. */
export function stateOf(stats: {
  mode: bigint
  ino: bigint
  size: bigint
  mtimeNs: bigint
  ctimeNs: bigint
}): string {
  const { mode, ino, size, mtimeNs, ctimeNs } = stats
  // Of a folder, what is in it has calls of its own.
  const isFolder = (mode & 0o170000n) === 0o040000n
  return isFolder ? `${mode} ${ino}` : [mode, ino, size, mtimeNs, ctimeNs].join(' ')
}

function readState(bytes: Buffer): FileState {
  if (bytes.readUInt32LE(STATE) === 0) return null
  return stateOf({
    mode: BigInt(bytes.readUInt32LE(STATE + 4)),
    ino: bytes.readBigUInt64LE(STATE + 8),
    size: bytes.readBigUInt64LE(STATE + 16),
    mtimeNs: bytes.readBigInt64LE(STATE + 24),
    ctimeNs: bytes.readBigInt64LE(STATE + 32),
  })
}

function readText(bytes: Buffer, at: number, most: number): string {
  const end = bytes.indexOf(0, at)
  return bytes.toString('utf8', at, end < 0 || end > at + most ? at + most : end)
}
