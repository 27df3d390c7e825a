import { type BranchOptions, intrinsics, type Level, type Session, type TestOutcome } from 'forkpoint/adapter'
import type { ActiveFile } from './active-file.ts'
import type { Branches } from './branches.ts'
import type { AroundHook, Test } from './internals.ts'
import type { PastTry } from './retry-replay.ts'
import type { Patched, RollbackParts } from './rollback-parts.ts'
import { mergeProgress, type Progress, type Shipment } from './shipment.ts'
import { placeOf } from './suite-plan.ts'
import { outcomeInBranch } from './test-outcome.ts'

const { dateNow } = intrinsics

interface Placing extends Pick<RollbackParts, 'options'> {
  branches: Branches
  patched: Patched
  /** Stands around each try of each test. */
  around: AroundHook
  file: ActiveFile
  level: Level
}

/** Runs the test in branches until it has ended, or leaves it to this process. True: this process is the branch. */
export async function placeTest(placing: Placing, test: Test): Promise<boolean> {
  const {
    branches,
    patched,
    options: { timeout, parallel },
    around,
    file,
    level,
  } = placing
  const { session, fixtures } = file
  const isTimed = Number.isFinite(test.timeout) && test.timeout > 0
  const deadlineMs = isTimed ? test.timeout + timeout : 0
  const startTime = dateNow()
  const followed = branches.countFollowing(test, Math.max(1, parallel - 1))
  const traits = {
    isAlone: branches.isAlone(),
    isAtEdge: branches.isAtEdge(file, level, test),
    place: placeOf(test),
  }
  let options = { deadlineMs, followed, key: test.id }
  let entry = await session.enterTest(level, { ...traits, ...options })
  if (entry?.of === 'rest') {
    const isInside = branches.placeRest(file, level, test, entry, startTime)
    await session.goOn()
    if (!isInside) return false
    entry = await session.enterTest(level, { ...traits, ...options })
  }
  if (entry?.side === 'elsewhere') {
    branches.passElsewhere(test)
    await patched.onAfterRunTask(test)
    return false
  }
  let tries: PastTry[] = []
  let progress: Progress | null = null
  let isAnnounced = false
  let firstTry: TestOutcome | null = null
  const isVerified = entry?.side === 'outside' && file.isToVerify(level, test)
  while (entry?.side === 'outside') {
    const shipment = entry.outcome.kind === 'value' ? (entry.outcome.value as Shipment) : null
    if (isVerified) firstTry ??= outcomeInBranch(test, entry.outcome, startTime)
    if (shipment === null || shipment.kind === 'done') {
      if (firstTry !== null && (await verify(placing, test, firstTry, options))) return true
      branches.settle(test, entry, startTime, progress)
      await patched.onAfterRunTask(test)
      return false
    }
    branches.updates.forgetWaiting(shipment.sentInherited)
    if (shipment.kind === 'next-try') {
      tries = shipment.tries
      options = { ...options, key: `${test.id} ${tries.length}` }
      progress = mergeProgress(progress, shipment)
    } else if (await canMake(session, () => fixtures.make(shipment.fixture))) {
      isAnnounced ||= shipment.isBegun && !shipment.events.some(([, name]) => name === 'test-prepare')
    } else {
      entry = null
      break
    }
    entry = await session.enterAgain(level, options)
  }
  if (entry === null) {
    branches.noteRunning(test)
    if (session.isPlaced && file.isToVerify(level, test)) branches.verify(file, level, test)
    return false
  }
  const inside = branches.goInside(file, test, entry)
  if (progress !== null) {
    const replay = inside.continueAfter(tries, progress, around)
    patched.runTask = () => replay.endTry()
  } else if (isAnnounced) {
    branches.updates.dropRepeated(test.id, 'test-prepare', 1)
  }
  return true
}

/** Runs a test again in a branch that nothing else comes of. True: this process is the branch. */
async function verify(
  { branches, file, level }: Placing,
  test: Test,
  first: TestOutcome,
  options: BranchOptions,
): Promise<boolean> {
  const startTime = dateNow()
  const entry = await file.session.enterAgain(level, { ...options, key: `${test.id} again` }, true)
  if (entry.side === 'inside') {
    branches.goInside(file, test, entry, true)
    return true
  }
  if (entry.outcome.kind !== 'value') branches.rpc.disown()
  const second = outcomeInBranch(test, entry.outcome, startTime)
  if (second !== null) file.noteVerified(level, test, first, second)
  return false
}

/** A test whose fixture can't be made runs in this process, makes it once more, and reports the error as its own. */
async function canMake(session: Session, make: () => Promise<void>): Promise<boolean> {
  session.leaveRolling()
  try {
    await make()
    return true
  } catch {
    return false
  }
}
