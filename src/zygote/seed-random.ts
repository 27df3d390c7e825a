import { randomBytes as makeRandomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'

/** As they were before user code. */
const [randomBytes, setFlags] = [makeRandomBytes, setFlagsFromString]

/** The largest seed that V8 takes, a positive number of 32 bits. */
const MOST = 2 ** 31 - 1

/**
 * In a child, whose parent has never called `Math.random()`: has V8 begin its numbers from a seed of this child's own, when it is
 * asked for the first one. Without, all children would have the same numbers, since the state they are made from is inherited. A
 * seed that the user has given to Node stays.
 */
export function seedRandom(): void {
  if (process.execArgv.some(flag => /^--random[-_]seed\b/.test(flag))) return
  setFlags(`--random-seed=${1 + (randomBytes(4).readUInt32LE(0) % MOST)}`)
}

/**
 * For a zygote: code that asks for random numbers before the fork gets them from elsewhere, so that V8's own sequence is not begun.
 *
 * @returns puts V8's own function back
 */
export function holdRandom(): () => void {
  const own = Object.getOwnPropertyDescriptor(Math, 'random')
  const random = (): number =>
    (randomBytes(7).readUIntLE(0, 6) * 32 + (randomBytes(1).readUInt8(0) & 31)) / 2 ** 53
  Object.defineProperty(Math, 'random', { ...own, value: random })
  return () => {
    if (own !== undefined && Math.random === random) Object.defineProperty(Math, 'random', own)
  }
}
