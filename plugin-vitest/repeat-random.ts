import { intrinsics } from 'forkpoint/adapter'

/** The same in all branches of this worker; and in every run, where Node was given a seed. */
const seed = seedOf(process.execArgv) ?? intrinsics.random() * 2 ** 32

/**
 * In a branch: `Math.random()` gives the same numbers in all branches. Node's own generator is part of the state too, but
 * Vitest draws from it for the id of each call to the main process, and how many those are is a matter of time. A branch of
 * a branch goes on where that stands. What user code has put in its place stays.
 */
export function repeatRandom(): void {
  if (Math.random !== intrinsics.random) return
  const next = createGenerator(seed)
  Math.random = function random(): number {
    return next()
  }
}

function seedOf(flags: readonly string[]): number | undefined {
  const given = flags.findLast(flag => /^--random[-_]seed=/.test(flag))
  return given === undefined ? undefined : Number(given.slice(given.indexOf('=') + 1)) || undefined
}

/** Numbers in [0, 1) with 53 random bits, by the generator sfc32. */
function createGenerator(start: number): () => number {
  const state = new Uint32Array([start, 0, 0x9e3779b9, 1])
  const next = (): number => {
    const [a = 0, b = 0, c = 0, counter = 0] = state
    const sum = (a + b + counter) >>> 0
    state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + sum, counter + 1])
    return sum
  }
  // Until the seed has reached all of the state.
  for (let i = 0; i < 12; i++) next()
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
}
