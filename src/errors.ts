const brand: unique symbol = Symbol.for('forkpoint.error') as never

/** Every code an error of forkpoint can carry. Stable: people match on them. */
export type ErrorCode =
  | 'ERR_FORKPOINT_OPTION'
  | 'ERR_FORKPOINT_ENGINE'
  | 'ERR_FORKPOINT_PLACE'
  | 'ERR_FORKPOINT_BUSY'
  | 'ERR_FORKPOINT_DISPOSED'
  | 'ERR_FORKPOINT_CHILD'
  | 'ERR_FORKPOINT_RESULT'
  | 'ERR_FORKPOINT_STATE'
  | 'ERR_FORKPOINT_CONFIG'
  | 'ERR_FORKPOINT_HOST_CALL'

export interface ErrorDetails {
  /** Access path of the value at fault, as a reader would write it. */
  path?: string
  cause?: unknown
}

/**
 * The one error class of forkpoint: a message that says what failed and what to do, a stable `code`,
 * and, where a value is at fault, the access `path` that leads to it.
 *
 * Recognised by a brand and not by prototype, because the CJS and the ESM build are two instances of this module.
 */
export class ForkpointError extends Error {
  override readonly name: string = 'ForkpointError'
  readonly code: ErrorCode
  declare readonly path?: string

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(
      `[forkpoint] ${message} (${code})`,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.code = code
    if (details.path !== undefined) this.path = details.path
    Object.defineProperty(this, brand, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }
}
