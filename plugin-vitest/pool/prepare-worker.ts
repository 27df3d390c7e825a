import { watchCalls } from 'forkpoint/adapter'
import { setupEnvironment } from 'vitest/worker'
import type { GivenToZygote } from './given-to-zygote.ts'

type SetupContext = Parameters<typeof setupEnvironment>[0]
export type Teardown = Awaited<ReturnType<typeof setupEnvironment>>

/** Environments that Vitest brings and that can be set up ahead of the fork, without asking the main process for anything. */
const OF_VITEST: ReadonlySet<string> = new Set(['node', 'jsdom', 'happy-dom'])

/**
 * In a zygote: does what a worker of Vitest does before it is given test files, as far as that is the same for all of them.
 *
 * @returns takes the environment down; null when it is to be set up in each child
 */
export async function prepareWorker(given: GivenToZygote): Promise<{ run: Teardown } | null> {
  if (given.isGuarding) watchCalls()
  const { config, environment } = given
  if (!OF_VITEST.has(environment.name)) return null
  const context = {
    config,
    environment,
    pool: config.pool,
    projectName: config.name ?? '',
    rpc: unreachable,
    traces: untraced,
    metaEnv,
  }
  return { run: await setupEnvironment(context as unknown as SetupContext) }
}

const BOOLEANS: ReadonlySet<string | symbol> = new Set(['DEV', 'PROD', 'SSR'])

/** In Vitest's place: runs what it would trace. */
const untraced = {
  isEnabled: () => false,
  $: (_name: string, ...rest: unknown[]): unknown => (rest.at(-1) as (span: object) => unknown)(noSpan),
}

const noSpan: object = { setAttribute: () => noSpan, setAttributes: () => noSpan, addEvent: () => noSpan }

/** `import.meta.env`, as Vitest 5 sets it: of some keys the process keeps strings that stand for what is true or false. */
const metaEnv = new Proxy(process.env, {
  set: (env, key, value) => Reflect.set(env, key, BOOLEANS.has(key) ? (value ? '1' : '') : value),
})

/** The main process can't be asked before there is a child. */
const unreachable: unknown = new Proxy(
  {},
  {
    get(_, name) {
      throw new TypeError(
        `the environment has called ${String(name)} of the main process, before there is a test file`,
      )
    },
  },
)
