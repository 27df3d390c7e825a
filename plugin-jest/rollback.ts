import {
  type BranchOptions,
  type Entry,
  type FileRecord,
  type Level,
  muteOutput,
  type ResolvedOptions,
  type Session,
  type SuitePlan,
  type TestPlace,
} from 'forkpoint/adapter'
import { ActiveFile } from './active-file.ts'
import { Branches } from './branches.ts'
import {
  type Block,
  blocksOf,
  type CircusEvent,
  type CircusState,
  type Hook,
  isToRun,
  isWithin,
  placeOf,
  type Test,
  testsBelow,
} from './circus.ts'
import { ConcurrentTests } from './concurrent-tests.ts'
import type { RollbackParts } from './rollback-parts.ts'
import { hasTests } from './suite-plan.ts'
import { outcomeOf } from './test-outcome.ts'
import type { Verification } from './verification.ts'

const NEVER: Promise<never> = new Promise(() => {})

interface TestTraits extends BranchOptions {
  place: TestPlace
}

/** Turns circus' events into the session's verbs, for a test file that may have something to roll back. */
export class Rollback {
  readonly #state: CircusState
  readonly #options: ResolvedOptions
  readonly #file: ActiveFile
  readonly #session: Session
  readonly #branches: Branches
  readonly #concurrent: ConcurrentTests
  readonly #endedLevels = new Set<Level>()
  /** The branch's suite has ended: it ends with the next event, as what Jest does at the end of a suite is part of it. */
  #isLeaving = false
  /** Of the test at hand, if it is to run twice in this process. */
  #verification: Verification | null = null

  private constructor({ environment, options }: RollbackParts, state: CircusState, file: ActiveFile) {
    this.#state = state
    this.#options = options
    this.#file = file
    this.#session = file.session
    this.#branches = new Branches(environment.global, state, file)
    this.#concurrent = new ConcurrentTests(state.rootDescribeBlock, () => this.#moveOn())
  }

  /** Of a file in which nothing can be rolled back: null, or its record, where there is something to say. */
  static open(parts: RollbackParts, state: CircusState): Rollback | FileRecord | null {
    const file = ActiveFile.open(parts, state)
    return file instanceof ActiveFile ? new Rollback(parts, state, file) : file
  }

  async handle(event: CircusEvent): Promise<void> {
    if (this.#isLeaving) return this.#branches.inside?.end()
    this.#branches.muteIfTold('test' in event ? event.test : null)
    switch (event.name) {
      case 'run_describe_start':
        return this.#beforeBlock(event.describeBlock)
      case 'run_describe_finish':
        return this.#afterBlock(event.describeBlock)
      case 'hook_start':
        return event.hook.type === 'afterAll' ? this.#beforeAfterAll(event.hook) : undefined
      case 'test_started':
        return this.#beforeTest(event.test)
      case 'test_done':
        return this.#afterTest(event.test)
      case 'describe_retry':
        return this.#beforeAgain(event.describeBlock)
      case 'concurrent_tests_end':
        return this.#concurrent.noteEnded()
    }
  }

  // ---- Suites

  async #beforeBlock(block: Block): Promise<void> {
    const plan = this.#file.plan.suites.get(block)
    if (plan === undefined || block.parent === undefined || this.#branches.outside.isSettled(block)) return
    this.#branches.noteBegun(block)
    if (!hasTests(block, this.#state) || this.#concurrent.areUnderWay) return
    await this.#placeBlock(block, plan)
    if (plan.hasHooksBefore && plan.around !== null && !this.#branches.outside.isSettled(block))
      this.#session.invalidate(plan.around)
  }

  /** Runs the suite in a branch, or leaves it to this process, which may be the branch. */
  async #placeBlock(block: Block, plan: SuitePlan): Promise<void> {
    const { around } = plan
    const session = this.#session
    const isAtEdge = this.#isAtEdge(around, block)
    let entry = await session.enterSuite(around, plan, isAtEdge)
    if (entry?.of === 'rest' && around !== null) {
      const isInside = this.#branches.placeRest(around, block, entry)
      await session.goOn()
      if (!isInside) return
      entry = await session.enterSuite(around, plan, isAtEdge)
    }
    if (entry === null) return
    const tests = [...testsBelow(block)]
    if (entry.side === 'outside') this.#branches.outside.settleBlock(block, tests, entry.outcome)
    else this.#branches.goInside(block, entry, tests)
    await session.goOn()
  }

  async #afterBlock(block: Block): Promise<void> {
    const { inside } = this.#branches
    if (inside?.at === block && inside.of === 'rest') return this.#endBranch(block)
    if (this.#branches.outside.giveHooksBack(block)) return
    const plan = this.#file.plan.suites.get(block)
    if (plan === undefined) return
    await this.#endLevel(plan.own)
    if (inside?.at === block) {
      await this.#endLevels(plan.around)
      if (this.#state.describeRetryOptions?.get(block) !== undefined) return inside.end()
      this.#isLeaving = true
      return
    }
    this.#session.leaveSuite(plan.around, plan)
  }

  /** All tests of the hook's suite have ended. */
  async #beforeAfterAll({ parent }: Hook): Promise<void> {
    const { at, of } = this.#branches.inside ?? {}
    if (of === 'rest' && at?.type === 'describeBlock' && isWithin(at, parent)) return this.#endBranch(at)
    await this.#endLevel(this.#file.plan.suites.get(parent)?.own ?? null)
  }

  /** Ends this branch for the rest of a suite, with the teardowns of all that was built in it. */
  async #endBranch(block: Block): Promise<void> {
    await this.#endLevels(this.#file.plan.suites.get(block)?.level ?? null)
    return this.#branches.inside?.end()
  }

  async #endLevels(innermost: Level | null): Promise<void> {
    for (let level = innermost; level !== null; level = level.source.parent) await this.#endLevel(level)
  }

  async #endLevel(level: Level | null): Promise<void> {
    if (level === null || this.#endedLevels.has(level)) return
    this.#endedLevels.add(level)
    this.#branches.outside.addLateErrors()
    this.#state.unhandledErrors.push(...(await this.#session.endSuite(level)))
  }

  /** The whole suite is run once more: `jest.retryTimes()` stands in it. */
  #beforeAgain(block: Block): void {
    this.#branches.outside.forget(testsBelow(block))
    for (const each of blocksOf(block)) {
      const tests = each.children.filter(child => child.type === 'test')
      this.#branches.forget([each, ...tests])
      const { own, level } = this.#file.plan.suites.get(each) ?? {}
      if (own) this.#endedLevels.delete(own)
      for (const test of tests) if (!test.concurrent && isToRun(test, this.#state)) level?.countLeft(1)
    }
  }

  // ---- Tests

  async #beforeTest(test: Test): Promise<void> {
    const { inside } = this.#branches
    if (inside !== null && inside.at.type === 'test') return NEVER
    // It ran in a branch; or it is none of this branch's, and circus retries it here as it will outside.
    if (this.#branches.outside.isSettled(test) || (inside !== null && !inside.owns(test)))
      return this.#branches.outside.stub(test)
    const isFirst = this.#branches.noteBegun(test)
    const level = this.#file.plan.suites.get(test.parent)?.level
    if (!level || test.concurrent) return
    if (!isFirst) level.countLeft(1)
    if (test.errors.length > 0) {
      // Its hooks after it will run all the same.
      level.countLeft(-1)
      return this.#moveOn()
    }
    await this.#placeTest(test, level, isFirst)
  }

  async #placeTest(test: Test, level: Level, isFirst: boolean): Promise<void> {
    const session = this.#session
    const { timeout, parallel } = this.#options
    const timeoutMs = test.timeout || this.#state.testTimeout
    const traits = {
      isAlone: !this.#concurrent.areUnderWay,
      place: placeOf(test),
      isAtEdge: this.#isAtEdge(level, test),
      key: `${this.#file.lists.tests.indexOf(test)} ${test.invocations}`,
      followed: this.#branches.countFollowing(test, Math.max(1, parallel - 1)),
      deadlineMs: timeoutMs + timeout,
    }
    let entry = await session.enterTest(level, traits)
    if (entry?.of === 'rest') {
      const isInside = this.#branches.placeRest(level, test, entry)
      await session.goOn()
      if (!isInside) return
      entry = await session.enterTest(level, traits)
    }
    if (entry?.side === 'elsewhere') return this.#branches.outside.stub(test)
    if (entry?.side === 'outside') {
      if (isFirst && this.#file.isToVerify(level, test) && (await this.#verify(level, test, traits, entry))) {
        return this.#startTry(test, level)
      }
      return this.#branches.outside.settleTest(test, entry.outcome)
    }
    if (entry !== null) this.#branches.goInside(test, entry, [test])
    else if (isFirst) this.#verification = this.#file.verifyInPlace(level, test)
    await this.#startTry(test, level)
  }

  /** Runs a test again in a branch that nothing else comes of. True: this process is the branch. */
  async #verify(
    level: Level,
    test: Test,
    traits: TestTraits,
    { outcome }: Entry & { side: 'outside' },
  ): Promise<boolean> {
    const key = `${traits.key} again`
    const again = await this.#session.enterAgain(level, { ...traits, key }, true)
    if (again.side === 'inside') {
      this.#branches.goInside(test, again, [test])
      muteOutput()
      return true
    }
    const { lists } = this.#file
    const { place } = traits
    this.#session.noteVerified(level, place, outcomeOf(outcome, lists), outcomeOf(again.outcome, lists))
    return false
  }

  async #startTry(test: Test, level: Level, isExtra = false): Promise<void> {
    try {
      this.#file.steps.attempt = await this.#session.startTry(level, isExtra)
    } catch (error) {
      test.errors.push([error, test.asyncError])
    }
  }

  async #afterTest(test: Test): Promise<void> {
    if (this.#branches.outside.endStub(test)) return
    await this.#endTry(test)
    const { inside } = this.#branches
    if (inside?.at === test) return inside.end()
    await this.#repeat(test)
  }

  /** Runs a test once more in its place, if it is one of those. */
  async #repeat(test: Test): Promise<void> {
    const verification = this.#verification
    const level = this.#file.plan.suites.get(test.parent)?.level
    if (verification?.test !== test || !level) return
    this.#verification = null
    // The first run can't be taken back.
    if (level.plainBecause !== null) return
    const [first, second] = await verification.repeat({
      begin: again => this.#startTry(again, level, true),
      end: again => this.#endTry(again),
    })
    this.#session.noteVerified(level, placeOf(test), first, second)
  }

  async #endTry(test: Test): Promise<void> {
    const { attempt } = this.#file.steps
    this.#file.steps.attempt = null
    if (attempt === null) return
    const { error } = await this.#session.endTry(attempt.level, attempt)
    if (error !== null) test.errors.push(error)
  }

  /** Nothing of the level's suite has begun that has not ended: a branch from here could run all the rest of it. */
  #isAtEdge(level: Level | null, at: Test | Block): boolean {
    return level !== null && this.#file.plan.levels.get(level) === at.parent && !this.#concurrent.areUnderWay
  }

  /** User code runs in this process that belongs to no test that is rolled back. */
  #moveOn(): void {
    this.#session.leaveRolling()
    for (const level of this.#file.plan.levels.keys()) this.#session.invalidate(level)
  }

  // ---- The file

  /** The record of the file, at its end. */
  end(): FileRecord {
    this.#branches.end()
    return this.#file.takeRecord()
  }
}
