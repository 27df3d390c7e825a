import { describe, expect, test } from 'vitest'
import { ForkpointError } from '../../src/errors.ts'
import { exclude } from '../../src/exclude.ts'

function errorOf(...args: unknown[]): ForkpointError {
  try {
    exclude(...(args as Parameters<typeof exclude>))
  } catch (error) {
    if (error instanceof ForkpointError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('exclude()', () => {
  test.each([
    [7, 'The argument of `exclude()` was given 7'],
    ['cache', "The argument of `exclude()` was given 'cache'"],
    [null, 'The argument of `exclude()` was given null'],
    [undefined, 'The argument of `exclude()` is missing'],
  ])('of %o is refused: there is nothing to leave out', (given, words) => {
    const { message, path } = errorOf(given, { why: 'because' })
    expect(message).toBe(
      `[forkpoint] ${words}; it must be an object, a function or a module (ERR_FORKPOINT_OPTION)`,
    )
    expect(path).toBe('objectOrModule')
  })

  test.each([
    [undefined, 'is missing'],
    [null, 'is missing'],
    [{}, 'is missing'],
    [{ why: ' ' }, "was given ' '"],
    [{ why: 1 }, 'was given 1'],
  ])('with %o is refused: the next reader has to know why', (options, words) => {
    const { message, path } = errorOf({}, options)
    expect(message).toBe(
      `[forkpoint] Option \`why\` of \`exclude()\` ${words}; it must be a non-empty string (ERR_FORKPOINT_OPTION)`,
    )
    expect(path).toBe('why')
  })
})
