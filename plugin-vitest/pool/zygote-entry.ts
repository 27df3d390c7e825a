/**
 * The program of a zygote: has imported what a worker of Vitest runs, and in each child is such a worker, for one test file. It
 * speaks Vitest's own protocol, over the socket to the pool.
 */
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { serveForks } from 'forkpoint/adapter'
// What test files import.
import 'vitest'
import { init, runBaseTests, setupEnvironment } from 'vitest/worker'
import type { GivenToZygote } from './given-to-zygote.ts'
import { knowingRunner } from './knowing-runner.ts'
import { prepareWorker, type Teardown } from './prepare-worker.ts'
import { rehearse } from './rehearse.ts'
import type { WorkerLine } from './worker-line.ts'

/** As Vitest imports it: not a part of this program. */
const RUNNER = new URL('./vitest-runner.mjs', import.meta.url).href

type State = Parameters<typeof runBaseTests>[1]

const exit = process.exit.bind(process)

/** Of the environment, where it was set up before the fork. */
let teardown: { run: Teardown } | null = null

/** Of the runner's module, once a file has been rehearsed with it. */
let runner: string | null = null

serveForks({
  async prepare(value) {
    const given = value as GivenToZygote
    await import(RUNNER)
    teardown = await prepareWorker(given)
    if (teardown === null || !given.isRehearsed || given.config.runner !== fileURLToPath(RUNNER)) return
    await rehearse(given, startWorker, error => {
      process.stderr.write(`${inspect(error)}\n`)
      exit(1)
    })
    runner = given.config.runner
  },
  begin(main) {
    const line: WorkerLine = {
      post: message => main.send(message),
      on: listener => main.onMessage(listener),
      off: listener => main.offMessage(listener),
    }
    startWorker(runner === null ? line : knowingRunner(line, runner))
  },
})

/** @param rpc what it calls in place of the main process's */
function startWorker(line: WorkerLine, rpc?: object): void {
  const withRpc = (state: State): State => (rpc === undefined ? state : Object.assign(state, { rpc }))
  init({
    ...line,
    setup: async context => (teardown === null ? setupEnvironment(context) : teardown.run),
    runTests: (state, traces) => runBaseTests('run', withRpc(state), traces),
    collectTests: (state, traces) => runBaseTests('collect', state, traces),
    teardown: () => {
      // Vitest guards it while tests run.
      process.exit = exit
    },
  })
}
