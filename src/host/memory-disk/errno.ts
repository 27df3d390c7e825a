import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

/** Why an operation can't be done, before it is known in which words the caller is told. */
export class Errno extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export interface FailedCall {
  syscall: string
  path?: string | undefined
  dest?: string | undefined
}

const numbers: Readonly<Record<string, number>> = constants.errno
const descriptions = new Map(getSystemErrorMap().values())

/** The error that Node throws when the system refuses a call, to the letter. */
export function systemError(code: string, { syscall, path, dest }: FailedCall): NodeJS.ErrnoException {
  const ofPath = path === undefined ? '' : ` '${path}'`
  const ofDest = dest === undefined ? '' : ` -> '${dest}'`
  const error = new Error(
    `${code}: ${descriptions.get(code) ?? 'unknown error'}, ${syscall}${ofPath}${ofDest}`,
  )
  return Object.assign(
    error,
    { errno: -(numbers[code] ?? 0), code, syscall },
    path !== undefined && { path },
    dest !== undefined && { dest },
  )
}

/**
 * The error of those functions that Node has written in JavaScript: `rm` and `cp`.
 *
 * @param numberOf the code that the number belongs to, where Node has mixed them up
 */
export function nodeSystemError(
  key: string,
  summary: string,
  info: { code: string; message: string; path: string; syscall: string },
  numberOf: string = info.code,
): Error {
  const { code, message, path, syscall } = info
  const errno = numbers[numberOf] ?? 0
  const error = new Error(`${summary}: ${syscall} returned ${code} (${message}) ${path}`)
  error.name = 'SystemError'
  return Object.assign(error, { code: key, info: { ...info, errno }, errno, syscall, path })
}
