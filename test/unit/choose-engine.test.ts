import { expect, test } from 'vitest'
import { chooseEngine } from '../../src/choose-engine.ts'
import type { Engine, EngineName, Refusal } from '../../src/engine.ts'

function engineThat(name: EngineName, refusal: Refusal | null): Engine {
  return {
    name,
    refuse: () => refusal,
    quiesce: async () => [],
    branch: () => ({ side: 'outside', outcome: { kind: 'value', value: undefined }, ms: 0 }),
    estimateMs: () => 0,
    noteRestore: () => undefined,
    branchBeside: async () => ({ side: 'outside', outcome: { kind: 'value', value: undefined }, ms: 0 }),
    isolate: () => ({}),
    tell: () => undefined,
    findShared: () => null,
    isAhead: false,
    isStill: false,
    endIfAhead: () => undefined,
    rest: () => undefined,
    tidy: () => undefined,
  }
}

const noFlags: Refusal = {
  engine: 'fork',
  check: 'start-flags',
  why: 'this process was started without --single-threaded',
  remedy: 'start Node with --single-threaded',
}
const fork = engineThat('fork', null)
const refusingFork = engineThat('fork', noFlags)
const heap = engineThat('heap', null)

test('auto takes the first engine whose preconditions hold', () => {
  expect(chooseEngine('auto', [fork, heap])).toEqual({
    chosen: fork,
    why: 'its preconditions hold here',
    refused: [],
  })
})

test('auto goes on to the next engine, and keeps why the first was refused', () => {
  expect(chooseEngine('auto', [refusingFork, heap])).toEqual({
    chosen: heap,
    why: 'its preconditions hold here',
    refused: [noFlags],
  })
})

test('auto falls back to none when all are refused', () => {
  expect(chooseEngine('auto', [refusingFork])).toEqual({
    chosen: null,
    why: 'no engine can run here, so setup is re-run for every test',
    refused: [noFlags],
  })
})

test('an engine asked for by name is taken, whatever stands before it', () => {
  expect(chooseEngine('heap', [fork, heap])).toEqual({
    chosen: heap,
    why: 'it was asked for by name',
    refused: [],
  })
})

test('off takes none and asks none', () => {
  expect(chooseEngine('off', [fork])).toEqual({ chosen: null, why: 'forkpoint was turned off', refused: [] })
})

test("an engine asked for by name that can't run is an error with the reason and the remedy", () => {
  expect(() => chooseEngine('fork', [refusingFork, heap])).toThrow(
    expect.objectContaining({
      code: 'ERR_FORKPOINT_ENGINE',
      message:
        "[forkpoint] The fork engine was asked for by name, but can't run here: this process was started without " +
        '--single-threaded (check "start-flags"); start Node with --single-threaded (ERR_FORKPOINT_ENGINE)',
    }),
  )
})

test('an engine that this version does not have is an error with those it has', () => {
  expect(() => chooseEngine('heap', [fork])).toThrow(
    expect.objectContaining({
      code: 'ERR_FORKPOINT_ENGINE',
      message:
        '[forkpoint] The heap engine was asked for by name, but this version of forkpoint does not have it; ' +
        "use 'fork' or 'auto' (ERR_FORKPOINT_ENGINE)",
    }),
  )
})
