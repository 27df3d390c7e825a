// A Vitest reporter (public reporter API only) for a run in watch mode: tells the process that started Vitest of each run
// that has ended, and does what that process asks for.
export default class WatchReporter {
  #run = null

  onInit(vitest) {
    process.removeAllListeners('message')
    process.on('message', async ({ request }) => {
      if (request === 'cancel') await vitest.cancelCurrentRun('keyboard-input')
      if (request === 'close') await vitest.exit(true)
    })
  }

  onTestCaseReady({ fullName }) {
    process.send({ kind: 'begun', test: fullName })
  }

  onTestRunEnd(modules, unhandled, reason) {
    const errors = [...unhandled, ...modules.flatMap(module => module.errors())]
    this.#run = {
      kind: 'ended',
      reason,
      errors: errors.map(({ message }) => message),
      tests: modules.flatMap(module =>
        [...module.children.allTests()].map(test => ({
          name: `${module.project.name && `|${module.project.name}| `}${module.relativeModuleId} > ${test.fullName}`,
          outcome: [test.result().state, ...(test.result().errors ?? []).map(({ message }) => message)].join(
            ': ',
          ),
          meta: test.meta(),
        })),
      ),
    }
  }

  // The last event of a run: all its reporters have written, and its workers have ended.
  onWatcherStart() {
    const run = this.#run
    this.#run = null
    if (run !== null) process.send(run)
  }
}
