import { adoptValue } from 'forkpoint/adapter'
import type { CarriedPart } from './carried.ts'
import { blocksOf, type CircusState, testsBelow } from './circus.ts'
import { consolePart } from './console-part.ts'
import type { SharedLists } from './inside.ts'
import { istanbulPart } from './istanbul-part.ts'
import { runtimeOf } from './jest-runtime.ts'
import type { RollbackParts } from './rollback-parts.ts'
import { snapshotPart } from './snapshot-part.ts'
import { unhandledPart } from './unhandled-part.ts'
import { unpackError } from './unpack-error.ts'
import { v8Part } from './v8-part.ts'

/** What both sides of each branch of a file have in the same order. Call it when all tests are registered. */
export function listShared(
  { environment, console, globals }: RollbackParts,
  state: CircusState,
): SharedLists {
  const { global } = environment
  const root = state.rootDescribeBlock
  const tests = [...testsBelow(root)]
  const errors = [
    ...tests.map(({ asyncError }) => asyncError),
    ...[...blocksOf(root)].flatMap(({ hooks }) => hooks.map(({ asyncError }) => asyncError)),
  ]
  const places = new Map<unknown, number>(errors.map((error, index) => [error, index]))
  const unhandled = unhandledPart(state, places, error => unpackError(error, global, errors))
  const coverage = v8Part(runtimeOf(environment))
  const snapshots = snapshotPart(globals.expect, tests)
  const parts = [
    consolePart(console),
    snapshots,
    istanbulPart(global),
    unhandled,
    ...(coverage === null ? [] : [coverage]),
  ] as ReadonlyArray<CarriedPart<unknown>>
  return {
    tests,
    errors,
    places,
    parts: parts.map(part => inRealm(part, global)),
    snapshotsAt: parts.indexOf(snapshots as CarriedPart<unknown>),
  }
}

/** What comes from a branch has the classes of Node's own realm. */
function inRealm(part: CarriedPart<unknown>, global: typeof globalThis): CarriedPart<unknown> {
  return { ...part, apply: changes => part.apply(adoptValue(changes, global)) }
}
