import { ForkpointError } from '../errors.ts'
import { deserialize, serialize } from '../intrinsics.ts'

/** Precedes a result on the pipe, so that one cut off by a crash is told from a whole one: magic, then length. */
const MAGIC = 0x46_50_52_31
const HEADER = 8

/** @throws {ForkpointError} `ERR_FORKPOINT_RESULT` for a value that structured cloning refuses */
export function encodeResult(value: unknown): Buffer {
  let body: Buffer
  try {
    body = serialize(value)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ForkpointError('ERR_FORKPOINT_RESULT', `Failed to send the result of a branch: ${reason}`, {
      cause,
    })
  }
  const frame = Buffer.allocUnsafe(HEADER + body.length)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt32LE(body.length, 4)
  body.copy(frame, HEADER)
  return frame
}

/** The value in `frame`, or null when it is missing or was cut off. */
export function decodeResult(frame: Buffer): { value: unknown } | null {
  if (frame.length < HEADER || frame.readUInt32LE(0) !== MAGIC) return null
  const length = frame.readUInt32LE(4)
  if (frame.length < HEADER + length) return null
  return { value: deserialize(frame.subarray(HEADER, HEADER + length)) }
}
