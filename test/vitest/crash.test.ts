import { describe, expect, test } from 'vitest'
import { targetNames } from '../support/targets.ts'
import { failuresOf, outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const died = (how: string): string =>
  `[forkpoint] The test did not end: its process ${how}. (ERR_FORKPOINT_CHILD)`
const crash = died('was killed by SIGSEGV (a crash in native code)')
const abort = died(
  'was killed by SIGABRT (an abort: process.abort(), a failed assertion in native code, or the heap ran out of memory)',
)
const timedOut =
  'Test timed out in 800ms.\n' +
  'If this is a long-running test, pass a timeout value as the last argument or configure it globally with "testTimeout".'

const messages = {
  'a segmentation fault': crash,
  'process.abort': abort,
  'out of memory': abort,
  // The test's own 800 ms, and the 1,200 ms of forkpoint's option.
  'a busy loop': died(
    'stayed silent for 2000 ms and was killed (a busy loop, or a call that blocks the thread)',
  ),
  'process.reallyExit': died(
    'exited with code 3 before it had ended (process.exit or process.reallyExit was called)',
  ),
  'an endless promise': timedOut,
  'its own SIGKILL': died(
    'was killed by SIGKILL (from outside: the system ran out of memory, or somebody killed it)',
  ),
  'an exception in a timer': timedOut,
}

/** Vitest's own guard; version 5 adds where. */
const exitMessages = {
  'vitest-4': 'process.exit unexpectedly called with "3"',
  'vitest-5': 'process.exit unexpectedly called with "3" (test file: <dir>/crash.test.ts)',
}

describe.each(targetNames)('%s', target => {
  const run = sharedRun({
    target,
    files: 'crash',
    plugin: { engine: 'fork', warmup: 0, timeout: 1200 },
    config: { execArgv: ['--max-old-space-size=64'] },
  })

  test.concurrent('a test that ends its process fails with the cause', async () => {
    const all = { ...messages, 'process.exit': exitMessages[target] }
    const failures = Object.entries(all).map(([name, message]) => [
      `crash.test.ts > ${name} > ends it`,
      `failed: ${message}`,
    ])
    expect(failuresOf(await run())).toEqual({
      ...Object.fromEntries(failures),
      'nested.test.ts > a suite whose test crashes > crashes': `failed: ${crash}`,
      'nested.test.ts > a suite whose hook crashes': `failed: ${crash.replace('test', 'suite')}`,
    })
  })

  test.concurrent('the failure is placed at the test', async () => {
    const { captured } = await run()
    const frames = captured.tasks['nested.test.ts > a suite whose test crashes > crashes']?.errors[0]?.frames
    expect(frames).toEqual(['<anonymous> nested.test.ts:16:3'])
  })

  test.concurrent('the test after it runs and passes, from the checkpoint', async () => {
    const next = Object.entries(outcomesOf(await run())).filter(([name]) =>
      name.endsWith('the next one runs'),
    )
    expect([next.length, next.filter(([, outcome]) => outcome !== 'passed')]).toEqual([12, []])
  })

  test.concurrent('errors that nobody catches are the errors of the run, as in plain Vitest', async () => {
    const { captured, exitCode } = await run()
    expect([captured.unhandledErrors.map(({ message }) => message), exitCode]).toEqual([
      ['thrown in a timer', 'rejected, and nobody waits'],
      1,
    ])
  })

  test.concurrent('no process of the run is left', async () => {
    expect((await run()).leftover).toEqual([])
  })
})
