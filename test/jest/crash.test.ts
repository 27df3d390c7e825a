import { describe, expect, test } from 'vitest'
import { type JestTargetName, jestTargets } from '../support/jest-targets.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'

const head = `
const { setup } = require('forkpoint')
let list
setup(() => { list = [] })
`

/** Bodies that end their process, or never end. */
const ends = {
  'a segmentation fault': "process.kill(process.pid, 'SIGSEGV')",
  'process.abort': 'process.abort()',
  'process.exit': 'process.exit(3)',
  'process.reallyExit': 'process.reallyExit(4)',
  'a busy loop': 'for (;;);',
  'its own SIGKILL': "process.kill(process.pid, 'SIGKILL')",
  'out of memory': 'for (const kept = []; ; ) kept.push(new Array(1e6).fill({}))',
}

const files = {
  'crash.test.js': `${head}
    ${Object.entries(ends)
      .map(
        ([name, body]) => `
    test('${name}', () => { list.push(1); ${body} }, ${name === 'out of memory' ? 60_000 : 800})
    test('after ${name}', () => { expect(list).toEqual([]) })`,
      )
      .join('')}
  `,
  'nested.test.js': `${head}
    describe('a suite whose test crashes', () => {
      beforeAll(() => { list = ['never seen'] })
      test('crashes', () => { process.abort() })
      test('runs', () => { expect(list).toEqual([]) })
    })
    describe('a suite whose hook crashes', () => {
      beforeAll(() => { process.abort() })
      test('first', () => {})
      describe('nested', () => { test('second', () => {}) })
    })
    test('last', () => { expect(list).toEqual([]) })
  `,
}

const died = (what: string, how: string): string =>
  `failed: ForkpointError: [forkpoint] The ${what} did not end: its process ${how}. (ERR_FORKPOINT_CHILD)`
const ABORTED =
  'was killed by SIGABRT (an abort: process.abort(), a failed assertion in native code, or the heap ran out of memory)'
const exited = (code: number): string =>
  `exited with code ${code} before it had ended (process.exit or process.reallyExit was called)`

const expected = {
  'a segmentation fault': 'was killed by SIGSEGV (a crash in native code)',
  'process.abort': ABORTED,
  'process.exit': exited(3),
  'process.reallyExit': exited(4),
  // The test's own 800 ms, and the 1,200 ms of forkpoint's option.
  'a busy loop': 'stayed silent for 2000 ms and was killed (a busy loop, or a call that blocks the thread)',
  'its own SIGKILL':
    'was killed by SIGKILL (from outside: the system ran out of memory, or somebody killed it)',
  'out of memory': ABORTED,
}

describe.each(Object.keys(jestTargets) as JestTargetName[])('%s', target => {
  test('a test that ends its process fails with the cause, and the next one runs', async () => {
    const { variants, leftover } = await runJest({
      target,
      files,
      variants: { strict: { engine: 'fork', warmup: 0, timeout: 1200 } },
      env: { NODE_OPTIONS: '--max-old-space-size=96' },
    })
    const ofTests = Object.entries(expected).flatMap(([name, how]) => [
      [`crash.test.js > ${name}`, died('test', how)],
      [`crash.test.js > after ${name}`, 'passed'],
    ])
    expect(jestOutcomes(variants.strict)).toEqual({
      ...Object.fromEntries(ofTests),
      'nested.test.js > a suite whose test crashes crashes': died('test', ABORTED),
      'nested.test.js > a suite whose test crashes runs': 'passed',
      'nested.test.js > a suite whose hook crashes first': died('suite', ABORTED),
      'nested.test.js > a suite whose hook crashes nested second': died('suite', ABORTED),
      'nested.test.js > last': 'passed',
    })
    expect(leftover).toEqual([])
  })
})
