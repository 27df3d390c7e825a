import { setFlagsFromString } from 'node:v8'
import { missingFlags } from './start-flags.ts'

/** The rest of what `--single-threaded` stands for. At the start these would count for V8's hash of its flags. */
const ON_ONE_THREAD = ['--no-concurrent-osr', '--no-wasm-async-compilation', '--wasm-num-compilation-tasks=0']

/**
 * With the compilers on the main thread, optimizing early what runs for a short time does not pay. By major version of Node;
 * measured on 300 trivial tests in one file, a whole run against plain Vitest: 1.12 becomes 1.06 on Node 20, 1.06 becomes
 * 1.04 on 22, no difference on 24 and 26.
 */
const LATER_COMPILERS: Readonly<Record<string, readonly string[]>> = {
  20: ['--interrupt-budget=400000'],
  22: ['--invocation-count-for-turbofan=12000', '--invocation-count-for-maglev=1600'],
}

/** Sets what the fork engine wants of V8 and what can wait until Node has started, where Node was started for that engine. */
export function setLateFlags(): void {
  if (missingFlags(process.execArgv).length > 0) return
  const given = new Set(process.execArgv.map(flag => flag.split('=')[0]))
  const tuning = LATER_COMPILERS[process.versions.node.split('.')[0] ?? ''] ?? []
  for (const flag of ON_ONE_THREAD) setFlagsFromString(flag)
  for (const flag of tuning) if (!given.has(flag.split('=')[0])) setFlagsFromString(flag)
}
