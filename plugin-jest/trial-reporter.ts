import { relative } from 'node:path'
import type { TrialMessage } from 'forkpoint/adapter'

/** The part of Jest's results that is told. */
interface FileResult {
  testFilePath: string
  testExecError?: { message?: string }
  testResults: ReadonlyArray<{
    ancestorTitles: readonly string[]
    title: string
    fullName: string
    status: string
    failureMessages: readonly string[]
  }>
}

interface RunResult {
  runExecError?: { message?: string }
}

/** Tells the program that has started Jest, `forkpoint try`, what came of each test. */
export default class TrialReporter {
  readonly #send = process.send?.bind(process)

  constructor() {
    // By this a worker of Jest is known, and what its tests tell would be sent there.
    delete process.send
    // Whoever has asked is gone.
    process.on('disconnect', () => process.exit(1))
    // To listen for it is no reason to stay.
    process.channel?.unref()
  }

  onTestResult(_: unknown, { testFilePath, testExecError, testResults }: FileResult): void {
    const file = relative(process.cwd(), testFilePath)
    for (const { ancestorTitles, title, fullName, status, failureMessages } of testResults) {
      const state = status === 'passed' || status === 'failed' ? status : 'skipped'
      const path = [...ancestorTitles, title]
      this.#tell({
        type: 'test',
        test: { file, name: fullName, path, state, message: failureMessages[0] ?? '' },
      })
    }
    if (testExecError) this.#tell({ type: 'error', file, message: testExecError.message ?? '' })
  }

  onRunComplete(_: unknown, { runExecError }: RunResult): void {
    if (runExecError) this.#tell({ type: 'error', file: '', message: runExecError.message ?? '' })
    this.#tell({ type: 'end' })
  }

  #tell(message: TrialMessage): void {
    this.#send?.(message)
  }
}
