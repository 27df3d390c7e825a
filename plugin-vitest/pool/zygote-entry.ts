/**
 * The program of a zygote: has imported what a worker of Vitest runs, and in each child is such a worker, for one test file. It
 * speaks Vitest's own protocol, over the socket to the pool.
 */
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { serveForks } from 'forkpoint/adapter'
// What test files import.
import 'vitest'
import { init, runBaseTests, setupEnvironment } from 'vitest/worker'
import { RUNNER_CODE } from '../runner-code.ts'
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
    const startRehearsal = (line: WorkerLine, rpc: object): void => startWorker(line, { rpc })
    await rehearse(given, startRehearsal, error => {
      process.stderr.write(`${inspect(error)}\n`)
      exit(1)
    })
    runner = given.config.runner
  },
  begin(main, noteWanted) {
    const line: WorkerLine = {
      post: message => main.send(message),
      on: listener => main.onMessage(listener),
      off: listener => main.offMessage(listener),
    }
    startWorker(runner === null ? line : knowingRunner(line, runner), {
      onModuleRunner: ({ evaluator }) => tellExternals(evaluator, noteWanted),
    })
  },
})

interface Besides {
  /** What it calls in place of the main process's. */
  rpc?: object
  onModuleRunner?: NonNullable<Parameters<typeof init>[0]['onModuleRunner']>
}

function startWorker(line: WorkerLine, { rpc, ...besides }: Besides): void {
  const withRpc = (state: State): State => (rpc === undefined ? state : Object.assign(state, { rpc }))
  init({
    ...line,
    ...besides,
    setup: async context => (teardown === null ? setupEnvironment(context) : teardown.run),
    runTests: (state, traces) => runBaseTests('run', withRpc(state), traces),
    collectTests: (state, traces) => runBaseTests('collect', state, traces),
    teardown: () => {
      // Vitest guards it while tests run.
      process.exit = exit
    },
  })
}

/** Vite's interface for what evaluates modules, of which Vitest has its own. */
interface Evaluator {
  runExternalModule(id: string): Promise<unknown>
}

function tellExternals(evaluator: Evaluator, tell: (module: string) => void): void {
  const { runExternalModule } = evaluator
  evaluator.runExternalModule = id => {
    if (!RUNNER_CODE.test(id) && !isBuiltin(id)) tell(id)
    return runExternalModule.call(evaluator, id)
  }
}
