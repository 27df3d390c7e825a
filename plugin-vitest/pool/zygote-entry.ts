/**
 * The program of a zygote: has imported what a worker of Vitest runs, and in each child is such a worker, for one test file. It
 * speaks Vitest's own protocol, over the socket to the pool.
 */
import { serveForks } from 'forkpoint/adapter'
// What test files import.
import 'vitest'
import { init, runBaseTests, setupEnvironment } from 'vitest/worker'
import type { GivenToZygote } from './given-to-zygote.ts'
import { prepareWorker, type Teardown } from './prepare-worker.ts'

/** As Vitest imports it: not a part of this program. */
const RUNNER = new URL('./vitest-runner.mjs', import.meta.url).href

const exit = process.exit.bind(process)

/** Of the environment, where it was set up before the fork. */
let teardown: { run: Teardown } | null = null

serveForks({
  async prepare(given) {
    await import(RUNNER)
    teardown = await prepareWorker(given as GivenToZygote)
  },
  begin(main) {
    init({
      post: message => main.send(message),
      on: listener => main.onMessage(listener),
      off: listener => main.offMessage(listener),
      setup: async context => (teardown === null ? setupEnvironment(context) : teardown.run),
      runTests: (state, traces) => runBaseTests('run', state, traces),
      collectTests: (state, traces) => runBaseTests('collect', state, traces),
      teardown: () => {
        // Vitest guards it while tests run.
        process.exit = exit
      },
    })
  },
})
