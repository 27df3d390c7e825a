import { constants } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Call } from '../patches.ts'
import { nowNs } from './inode.ts'
import { callReal } from './real-disk.ts'

/** A path as text; null for what Node would refuse, and so is left to Node. */
export function readPath(given: unknown): string | null {
  const path = given instanceof Uint8Array ? Buffer.from(given).toString() : given
  if (typeof path === 'string') return path.includes('\0') ? null : path
  if (!(given instanceof URL)) return null
  try {
    return fileURLToPath(given)
  } catch {
    return null
  }
}

/** File systems that are windows to the kernel: nothing written there is a file that could be kept. */
const SYSTEM_PATH = /^\/(proc|sys|dev(?!\/shm))(\/|$)/

export function isSystemPath(path: string): boolean {
  return SYSTEM_PATH.test(path)
}

const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_EXCL } = constants
const { O_SYNC = 0 } = constants as { O_SYNC?: number }

const FLAGS: Readonly<Record<string, number>> = {
  r: O_RDONLY,
  rs: O_RDONLY | O_SYNC,
  sr: O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  'sr+': O_RDWR | O_SYNC,
  w: O_TRUNC | O_CREAT | O_WRONLY,
  wx: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  xw: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'w+': O_TRUNC | O_CREAT | O_RDWR,
  'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  'xw+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  a: O_APPEND | O_CREAT | O_WRONLY,
  ax: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  xa: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  as: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  sa: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'a+': O_APPEND | O_CREAT | O_RDWR,
  'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'xa+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
  'sa+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
}

export function readFlags(given: unknown, byDefault: string): number {
  return typeof given === 'number' ? given : (FLAGS[String(given ?? byDefault)] ?? O_RDONLY)
}

/** A number, or text in octal. */
export function readMode(given: unknown, byDefault: number): number {
  if (typeof given === 'string') return Number.parseInt(given, 8)
  return typeof given === 'number' ? given : byDefault
}

/** The last argument of many functions: an object, or only an encoding. */
export function readOptions(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given === 'string') return { encoding: given }
  return typeof given === 'object' && given !== null ? { ...given } : {}
}

export function readEncoding(options: Readonly<Record<string, unknown>>): BufferEncoding | 'buffer' | null {
  const { encoding } = options
  if (encoding === 'buffer') return 'buffer'
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : null
}

/** A name or path as the caller wants it: text in an encoding, or bytes. */
export function encodePath(path: string, options: Readonly<Record<string, unknown>>): string | Buffer {
  const encoding = readEncoding(options)
  if (encoding === null || encoding === 'utf8' || encoding === 'utf-8') return path
  const bytes = Buffer.from(path)
  return encoding === 'buffer' ? bytes : bytes.toString(encoding)
}

/** Content to be written. */
export function readData(given: unknown, encoding: unknown): Buffer {
  if (typeof given === 'string') {
    return Buffer.from(given, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8')
  }
  return ArrayBuffer.isView(given)
    ? Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    : Buffer.from(String(given))
}

/** Seconds, also as text, or a date. As fine as the system's call: microseconds. */
export function readTime(given: unknown): bigint {
  const seconds = given instanceof Date ? given.getTime() / 1000 : Number(given)
  return Number.isFinite(seconds) ? BigInt(Math.trunc(seconds * 1e6)) * 1000n : nowNs()
}

/** Below a file there is nothing, and nothing can come to be. */
export const NOWHERE: string = `${process.execPath}/nowhere`

/**
 * Lets the real function check arguments that are out of the ordinary, with paths at which it can do nothing.
 *
 * @param paths how many of the first arguments are paths
 * @throws what Node throws for a wrong argument
 */
export function checkArguments(realSync: Call, args: readonly unknown[], paths: number): void {
  if (args.slice(paths).every(isOrdinary)) return
  const harmless = args.map((arg, index) => (index < paths ? NOWHERE : arg))
  try {
    callReal(realSync, undefined, harmless)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (/^ERR_(INVALID|OUT_OF|UNKNOWN)/.test(code)) throw error
  }
}

function isOrdinary(arg: unknown): boolean {
  if (arg === undefined || arg instanceof Uint8Array || arg instanceof Date) return true
  if (typeof arg === 'number') return Number.isSafeInteger(arg) && arg >= 0 && arg <= 0x7fff_ffff
  if (typeof arg === 'string') return Buffer.isEncoding(arg) || arg in FLAGS || arg === 'buffer'
  if (typeof arg !== 'object' || arg === null) return false
  return Object.values(arg).every(value => typeof value === 'boolean' || isOrdinary(value))
}
