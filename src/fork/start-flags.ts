/**
 * No V8 job runs on a thread that a child would not have. Together what `--single-threaded` stands for, as far as it has to be
 * known at the start. None of these counts for the hash that V8 gives its flags, as `--single-threaded` does: with another
 * hash Node drops the compiled code of its own modules, which costs every process 7 to 14 ms.
 */
const ON_ONE_THREAD = [
  '--single-threaded-gc',
  '--no-concurrent-recompilation',
  '--no-concurrent-sparkplug',
  '--no-lazy-compile-dispatcher',
]

/** No dead worker is left counted on a condition variable, where a child's collector would hang. */
const SMALL_POOL = '--v8-pool-size=1'

/** Flags that a runner starts its processes with for the fork engine. */
export const START_FLAGS: readonly string[] = [...ON_ONE_THREAD, SMALL_POOL]

/** The same in a form for people: what is short to write may cost some milliseconds. */
export const SHORT_FLAGS: readonly string[] = ['--single-threaded', SMALL_POOL]

/** Of the flags in their short form, those that neither stand there nor are stood for. @param given as in `process.execArgv` */
export function missingFlags(given: readonly string[]): string[] {
  const [short = ''] = SHORT_FLAGS
  const isOnOneThread = given.includes(short) || ON_ONE_THREAD.every(flag => given.includes(flag))
  return SHORT_FLAGS.filter(flag => (flag === short ? !isOnOneThread : !given.includes(flag)))
}

/**
 * As large as Node 20 and 22 let the young generation grow. Marking takes half a second where no thread helps with it, and
 * takes all that is made meanwhile for alive; from a larger young generation more survives to be marked. Measured on
 * Node 24, 120 setups of 50 MB: 2.2 GB resident after them, 255 MB with this.
 */
const SMALLER_YOUNG = '--max-semi-space-size=16'

/**
 * From a smaller heap V8 of Node 24 marks again and again while it grows, and what is made meanwhile stays: with this left out
 * the same 120 setups leave 1.7 GB resident. It counts for the hash, and so costs a process 12 ms; memory that fills up costs more.
 */
const LARGER_HEAP = '--initial-heap-size=128'

/** By major version of Node, because an unknown flag keeps it from starting. */
const TUNING: Readonly<Record<string, readonly string[]>> = {
  24: [SMALLER_YOUNG, LARGER_HEAP],
  26: [SMALLER_YOUNG, LARGER_HEAP],
}

/** Flags that the start flags ask for to cost little. @param version of Node, as in `process.versions.node` */
export function tuningFlags(version: string): readonly string[] {
  return TUNING[version.split('.')[0] ?? ''] ?? []
}
