import { writeSync } from 'node:fs'
import { ForkpointError } from '../errors.ts'
import { serialize } from '../intrinsics.ts'
import { readValue } from '../read-value.ts'

/** Precedes a result on the pipe, so that one cut off by a crash is told from a whole one: magic, then length. */
export const RESULT = 0x46_50_52_31
/** Precedes what a child says while it runs. */
export const NOTE = 0x46_50_4e_31
export const HEADER = 8

/** What the length can tell, and Node's own deserializer can read: past that it aborts the process. */
const MOST_BYTES = 2 ** 32 - 1

/** Written now and then by a child that lives: the parent can tell a busy loop from a test that takes its time. */
const BEAT: Buffer = Buffer.from([0])

/** As it was before user code: a test may replace what Node's modules export. */
const write = writeSync

/** A pipe that is gone, because user code has closed it, is told when the result can't be sent. */
export function writeBeat(fd: number): void {
  try {
    write(fd, BEAT)
  } catch {}
}

/** @throws {ForkpointError} `ERR_FORKPOINT_RESULT` for a value that structured cloning refuses, or is larger than 4 GB */
export function encodeResult(value: unknown): Buffer {
  return encodeFrame(RESULT, value)
}

export function encodeNote(value: unknown): Buffer {
  return encodeFrame(NOTE, value)
}

function encodeFrame(magic: number, value: unknown): Buffer {
  try {
    const body = serialize(value)
    if (body.length > MOST_BYTES)
      throw new RangeError(`it takes ${body.length} bytes, and ${MOST_BYTES} is the most`)
    const frame = Buffer.allocUnsafe(HEADER + body.length)
    frame.writeUInt32LE(magic, 0)
    frame.writeUInt32LE(body.length, 4)
    body.copy(frame, HEADER)
    return frame
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ForkpointError('ERR_FORKPOINT_RESULT', `Failed to send the result of a branch: ${reason}`, {
      cause,
    })
  }
}

/** Writes all of it, also where the descriptor takes a part at a time, or refuses to wait. */
export function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += write(fd, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

/** The value in what a child has written, or null when it is missing or was cut off. */
export function decodeResult(written: Buffer): { value: unknown } | null {
  const start = written.findIndex(byte => byte !== BEAT[0])
  const frame = written.subarray(start < 0 ? written.length : start)
  if (frame.length < HEADER || frame.readUInt32LE(0) !== RESULT) return null
  const length = frame.readUInt32LE(4)
  if (frame.length < HEADER + length) return null
  return { value: readValue(frame.subarray(HEADER, HEADER + length)) }
}
