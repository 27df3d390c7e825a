import { describe, expect, test } from 'vitest'
import type { Launch, Traits } from './engine-under-test.ts'
import { testKinds } from './test-kinds.ts'

const busy = {
  name: 'ForkpointError',
  code: 'ERR_FORKPOINT_BUSY',
  message:
    '[forkpoint] Failed to run from the checkpoint: another run has not ended. Await it first. (ERR_FORKPOINT_BUSY)',
}
const disposed = {
  name: 'ForkpointError',
  code: 'ERR_FORKPOINT_DISPOSED',
  message:
    '[forkpoint] Failed to run from the checkpoint: it was disposed. Take a new one. (ERR_FORKPOINT_DISPOSED)',
}

/** Bodies that end their process, what the run is told, and the last of what was printed. */
const ends: ReadonlyArray<[scenario: string, how: string, printed: RegExp]> = [
  [
    'abort',
    'was killed by SIGABRT (an abort: process.abort(), a failed assertion in native code, or the heap ran out of memory)',
    /Native stack trace|^$/,
  ],
  ['kill', 'was killed by SIGKILL (from outside: the system ran out of memory, or somebody killed it)', /^$/],
  ['segfault', 'was killed by SIGSEGV (a crash in native code)', /^$/],
  ['terminate', 'was killed by SIGTERM', /^$/],
  ['exit', 'exited with code 7 before it had ended (process.exit or process.reallyExit was called)', /^$/],
  [
    'exitCode',
    'exited with code 3 before it had ended (process.exit or process.reallyExit was called)',
    /^$/,
  ],
  [
    'exitZero',
    'exited with code 0 before it had ended (process.exit or process.reallyExit was called)',
    /^$/,
  ],
  [
    'laterError',
    'exited with code 1 before it had ended (process.exit or process.reallyExit was called, or an error was not caught)',
    /^Uncaught RangeError: later\n {4}at /,
  ],
  [
    'laterRejection',
    'exited with code 1 before it had ended (process.exit or process.reallyExit was called, or an error was not caught)',
    /^Uncaught RangeError: later\n {4}at /,
  ],
]

function runToEnd(launch: Launch, script: string, scenario: string, printed = /^$/): unknown {
  const { status, stdout, stderr } = launch(script, scenario)
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(printed) })
  return JSON.parse(stdout)
}

/** What every engine has to hold, seen through `Checkpoint.run` in a script without a test runner. */
export function testEngine(name: string, launch: Launch, traits: Traits): void {
  const tell = (script: string, scenario: string, printed?: RegExp): unknown =>
    runToEnd(launch, script, scenario, printed)

  describe(`${name}: what comes back from a run`, () => {
    test('a value is a structured clone of what the body returned', () => {
      expect(tell('results', 'values')).toEqual({
        nothing: 'undefined',
        numbers: '[ null, 1.5, -0, NaN, Infinity, 100000000000000000000n ]',
        text: "'déjà vu \\x00 😀 \\ud800'",
        date: '1970-01-01T00:00:00.000Z',
        pattern: '/a+/giu',
        holes: '[ 1, <2 empty items>, 4 ]',
        map: "Map(1) { { key: 1 } => Set(2) { 'a', Set(0) {} } }",
        boxed: "[ [Number: 1], [String: 'a'], [Boolean: false], [BigInt: 1n] ]",
        cyclic: "<ref *1> { name: 'cyclic', self: [Circular *1] }",
        instance: "{ items: [ 'tea' ] }",
        accessor: '{ sum: 2 }',
      })
    })

    test('bytes have a memory of their own, and a Buffer stays one', () => {
      expect(tell('results', 'views')).toEqual([
        ['Buffer', '6162', 2],
        ['Uint16Array', '0200', 2],
        ['BigInt64Array', '0000000000000000', 8],
        ['DataView', '0002', 2],
      ])
    })

    test('an object that occurs twice is one object, but not the one outside', () => {
      expect(tell('results', 'identity')).toEqual({ sameInside: true, copied: true })
    })

    test('a promise or a thenable is awaited', () => {
      expect(tell('results', 'thenable')).toBe('resolved')
    })

    test('timers, files, and the thread pool work in an asynchronous body', () => {
      expect(tell('results', 'asynchronous')).toEqual(['tick', 'immediate', 'timer', 'file', 'zlib', 4])
    })

    test('values of 10 MB are whole', () => {
      expect(tell('results', 'large')).toEqual({ bytes: true, text: true, list: true })
    })

    test('an error keeps its message, stack and cause; its class and own fields are lost, as in any structured clone', () => {
      expect(tell('results', 'error')).toEqual({
        isError: true,
        class: 'Error',
        name: 'Error',
        message: 'none left',
        stack: ['StockError: none left'],
        cause: 'TypeError: no tea',
        fields: [],
      })
    })

    test('whatever is thrown is thrown outside', () => {
      expect(tell('results', 'thrown')).toEqual(["'text'", 'undefined', 'null', '7', '{ code: 1 }'])
    })

    test("a value or an error that can't be cloned is refused by name, and the next run works", () => {
      const refuse = (what: string, why: string): object => ({
        name: 'ForkpointError',
        code: 'ERR_FORKPOINT_RESULT',
        message: `[forkpoint] Failed to run from the checkpoint: its ${what} can't be sent back: ${why} (ERR_FORKPOINT_RESULT)`,
      })
      expect(tell('results', 'unsendable')).toEqual([
        refuse('value', '() => 1 could not be cloned.'),
        refuse('value', 'Symbol(mine) could not be cloned.'),
        refuse('value', '#<WeakMap> could not be cloned.'),
        refuse('value', 'function Promise() { [native code] } could not be cloned.'),
        refuse('value', 'not today'),
        refuse('error', 'Symbol(thrown) could not be cloned.'),
        'the next run',
      ])
    })
  })

  describe(`${name}: what a run did is undone`, () => {
    testKinds(launch, traits)

    test('and everything outside keeps its identity', () => {
      expect(tell('runs', 'identity')).toEqual([true, true, true])
    })

    test('a hundred times in a row', () => {
      expect(tell('runs', 'many')).toEqual({ seen: [1], outside: 0 })
    })

    test('where an asynchronous call has ended that a compiler wrote with a generator', () => {
      expect(tell('runs', 'endedCall')).toEqual([2, 2, 1])
    })

    test('in runs inside of runs, level by level', () => {
      const level = [111, 111, 110]
      expect(tell('runs', 'nested')).toEqual({ inside: [level, level, 10], outside: 0 })
    })
  })

  describe(`${name}: what must not come back`, () => {
    test('a random identifier: each run gets its own', () => {
      expect(tell('runs', 'identifiers')).toBe(5)
    })
  })

  describe(`${name}: what was left out with exclude()`, () => {
    const { leavesOut } = traits
    const all = (inside: unknown, again: unknown, outside: unknown): object =>
      leavesOut ? { inside, again, outside } : { inside, again: inside, outside: inside }

    test('an object, and what is reached through it alone, stays as the run before left it', () => {
      expect(tell('exclusions', 'object')).toEqual(
        all([0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0], [2, 2, 2, 2, 0, 0]),
      )
    })

    test('the private fields of an object stay too, and those of others come back', () => {
      expect(tell('exclusions', 'privateFields')).toEqual(all([0, 0], [1, 0], [2, 0]))
    })

    test('what something else leads to as well comes back', () => {
      expect(tell('exclusions', 'reachedOtherwise')).toEqual(all([0, true], [0, false], [0, false]))
    })

    test('the variables of a module stay, imported or required', () => {
      expect(tell('exclusions', 'module')).toEqual(all(0, 1, 2))
      expect(tell('exclusions', 'requiredModule')).toEqual(all(0, 1, 2))
    })

    test.runIf(leavesOut)("a module that can't be told from another is refused", () => {
      expect(tell('exclusions', 'ambiguous')).toEqual({
        name: 'ForkpointError',
        code: 'ERR_FORKPOINT_STATE',
        message:
          "[forkpoint] Failed to take a checkpoint: `exclude()` was given a module that can't be told from others " +
          '(test/engine-scripts/other-same-module.mjs, test/engine-scripts/same-module.mjs). Remedy: give it the objects that ' +
          'the module exports. (ERR_FORKPOINT_STATE)',
      })
    })
  })

  describe(`${name}: properties of fast-check`, () => {
    const left = { items: ['tea'], sold: 0 }

    test('each run of which starts from the checkpoint', () => {
      expect(tell('properties', 'passing')).toEqual({ seen: [JSON.stringify(left)], left })
    })

    test('are shrunk to the smallest value that fails', () => {
      expect(tell('properties', 'failing')).toEqual({ counterexample: [11], message: 'sold out', left })
    })
  })

  describe(`${name}: the life of a checkpoint`, () => {
    test('once disposed, however often and by whatever way, it refuses to run', () => {
      expect(tell('runs', 'disposed')).toEqual(disposed)
      expect(tell('runs', 'disposedByUsing')).toEqual(disposed)
    })

    test('disposed during a run, it refuses the next', () => {
      expect(tell('runs', 'disposedMeanwhile')).toEqual([1, disposed])
    })

    test('of two runs at once the second is refused, of another checkpoint too', () => {
      expect(tell('runs', 'twoAtOnce')).toEqual([{ value: 1 }, busy, 1])
      expect(tell('runs', 'twoPointsAtOnce')).toEqual([{ value: 1 }, busy, 1])
    })

    test('a run inside a run needs a checkpoint of its own', () => {
      expect(tell('runs', 'runOfItself')).toEqual({
        ...busy,
        message:
          '[forkpoint] Failed to run from the checkpoint: this code is part of a run of it. Take a new checkpoint here. ' +
          '(ERR_FORKPOINT_BUSY)',
      })
    })

    test('work in flight is named and refused, when it is taken and when it is run', () => {
      const refuse = (verb: string): object => ({
        ...busy,
        message:
          `[forkpoint] Failed to ${verb}: work is in flight (${traits.inFlight}). ` +
          'Remedy: await it in the setup, or stop it before the setup returns. (ERR_FORKPOINT_BUSY)',
      })
      expect(tell('runs', 'busy')).toEqual([
        refuse('take a checkpoint'),
        refuse('run from the checkpoint'),
        1,
      ])
    })

    test('beforeFork callbacks are called once, before it is taken; afterFork callbacks in every run', () => {
      const taken = ['first before', 'second before']
      expect(tell('runs', 'callbacks')).toEqual({
        inside: [...taken, 'after'],
        again: [...taken, 'after'],
        outside: taken,
      })
    })

    test('what an afterFork callback throws, the run throws', () => {
      expect(tell('runs', 'failingCallback')).toEqual({ name: 'RangeError', message: 'no connection' })
    })
  })

  if (!traits.hasProcesses) return
  describe(`${name}: a body that ends its process`, () => {
    test.each(ends)('is told, and the next run works: %s', (scenario, how, printed) => {
      expect(tell('ends', scenario, printed)).toEqual({
        name: 'ForkpointError',
        code: 'ERR_FORKPOINT_CHILD',
        message: `[forkpoint] Failed to run from the checkpoint: its process ${how}. (ERR_FORKPOINT_CHILD)`,
        next: 1,
      })
    })

    test("in a run inside a run it is the outer body's error", () => {
      expect(tell('runs', 'nestedError')).toEqual({
        name: 'Error',
        message:
          '[forkpoint] Failed to run from the checkpoint: its process exited with code 4 before it had ended ' +
          '(process.exit or process.reallyExit was called). (ERR_FORKPOINT_CHILD)',
      })
    })
  })
}
