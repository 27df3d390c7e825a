import {
  BranchingSession,
  chooseEngine,
  type EngineChoice,
  type Entry,
  type FilePlan,
  type FileRecord,
  ForkEngine,
  type HostGuard,
  type Level,
  type Refusal,
  type Session,
  type SuitePlan,
} from 'forkpoint/adapter'
import {
  type Block,
  blocksOf,
  type CircusEvent,
  type CircusState,
  type Hook,
  isToRun,
  isWithin,
  namesOf,
  type Test,
  testsBelow,
} from './circus.ts'
import { ConcurrentTests } from './concurrent-tests.ts'
import { findWorkerObstacle, HEAP_OBSTACLE } from './find-obstacle.ts'
import { Inside } from './inside.ts'
import { Outside } from './outside.ts'
import type { RollbackParts } from './rollback-parts.ts'
import { listShared } from './shared-lists.ts'
import { Steps } from './steps.ts'
import { hasTests, planFile } from './suite-plan.ts'
import { watchHostCalls } from './watch-host-calls.ts'
import { withoutMemoryReport } from './without-memory-report.ts'
import { WorkerChannel } from './worker-channel.ts'

const NEVER: Promise<never> = new Promise(() => {})

/** The heap engine, which is not there for Jest. */
interface AbsentHeapEngine {
  name: 'heap'
  refuse(): Refusal | null
}

/** Turns circus' events into the session's verbs, for a test file that may have something to roll back. */
export class Rollback {
  readonly #parts: RollbackParts
  readonly #state: CircusState
  readonly #engine: ForkEngine
  readonly #choice: EngineChoice<ForkEngine | AbsentHeapEngine>
  readonly #plan: FilePlan<Block>
  readonly #steps: Steps
  readonly #session: Session
  readonly #guard: HostGuard | null
  readonly #concurrent: ConcurrentTests
  readonly #lists: ReturnType<typeof listShared>
  readonly #outside: Outside
  readonly #channel: WorkerChannel = WorkerChannel.get()
  /** Tests and blocks that circus has come to, in this process or in those it branched from. */
  readonly #begun = new Set<Test | Block>()
  readonly #endedLevels = new Set<Level>()
  #inside: Inside | null = null
  /** The branch's suite has ended: it ends with the next event, as what Jest does at the end of a suite is part of it. */
  #isLeaving = false

  private constructor(parts: RollbackParts, state: CircusState, steps: Steps, plan: FilePlan<Block>) {
    const { options, ofJest, watch, run, environment } = parts
    this.#parts = parts
    this.#state = state
    this.#steps = steps
    this.#plan = plan
    this.#engine = ForkEngine.create(watch, findWorkerObstacle(run))
    this.#engine.dieWithParent()
    this.#engine.keepErrors(withoutMemoryReport)
    this.#channel.isAhead = () => this.#engine.isAhead
    const heap: AbsentHeapEngine = { name: 'heap', refuse: () => HEAP_OBSTACLE }
    this.#choice = chooseEngine<ForkEngine | AbsentHeapEngine>(options.engine, [this.#engine, heap])
    const { scope, warmup } = options
    const resetMocks = ofJest?.fn
    this.#guard = watchHostCalls(options, parts.rootDir)
    this.#session = new BranchingSession({
      engine: this.#choice.chosen === null ? null : this.#engine,
      // A test run the plain way leaves its state to the next one, and under `scope: 'all'` nothing rebuilds it.
      warmup: scope === 'all' && warmup === 'auto' ? 0 : warmup,
      beforeSteps: () => resetMocks?.call({}),
      beforeBranch: () => this.#channel.settle(),
      disk: null,
      guard: this.#guard,
      beside: null,
    })
    const root = state.rootDescribeBlock
    this.#concurrent = new ConcurrentTests(root, () => this.#moveOn())
    root.hooks.push(steps.makeLastHook(root))
    this.#lists = listShared(parts, state)
    this.#outside = new Outside(environment.global, state, this.#lists)
    if (ofJest !== undefined && resetMocks !== undefined) {
      // Before the steps it has run already.
      ofJest.fn = () => (steps.attempt?.isBuilt ? undefined : resetMocks.call({}))
    }
  }

  /** Of a file in which nothing can be rolled back: null, or its record, where there is something to say. */
  static open(parts: RollbackParts, state: CircusState): Rollback | FileRecord | null {
    const { options, marks, ofJest, testPath, environment, globals } = parts
    const steps = new Steps(state, environment.global, globals.expect)
    const plan = planFile({
      testPath,
      state,
      marks,
      ofJest,
      hoist: options.hoist,
      scope: options.scope,
      toStep: (kind, hook) => steps.make(kind, hook),
      deliver: step => steps.deliver(step),
    })
    if (plan.isActive) return new Rollback(parts, state, steps, plan)
    if (plan.notHoisted.length === 0) return null
    const engine = { chosen: 'off' as const, why: 'nothing to roll back', refused: [] }
    const { notHoisted } = plan
    return { file: testPath, engine, checkpoints: [], hoisted: 0, notHoisted, findings: [] }
  }

  async handle(event: CircusEvent): Promise<void> {
    if (this.#isLeaving) return this.#inside?.end()
    this.#channel.isMuted = 'test' in event && this.#isTold(event.test)
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

  /** Jest's main process hears of the test from somebody else. */
  #isTold(test: Test): boolean {
    const isForeign = this.#inside?.at.type === 'describeBlock' && !this.#inside.owns(test)
    return isForeign || this.#outside.isTold(test)
  }

  // ---- Suites

  async #beforeBlock(block: Block): Promise<void> {
    const plan = this.#plan.suites.get(block)
    if (plan === undefined || block.parent === undefined || this.#outside.isSettled(block)) return
    this.#begun.add(block)
    if (!hasTests(block, this.#state) || this.#concurrent.areUnderWay) return
    await this.#placeBlock(block, plan)
    if (plan.hasHooksBefore && plan.around !== null && !this.#outside.isSettled(block))
      this.#session.invalidate(plan.around)
  }

  /** Runs the suite in a branch, or leaves it to this process, which may be the branch. */
  async #placeBlock(block: Block, plan: SuitePlan): Promise<void> {
    const { around } = plan
    const session = this.#session
    const isAtEdge = this.#isAtEdge(around, block)
    let entry = await session.enterSuite(around, plan, isAtEdge)
    if (entry?.of === 'rest' && around !== null) {
      const isInside = this.#placeRest(around, block, entry)
      await session.goOn()
      if (!isInside) return
      entry = await session.enterSuite(around, plan, isAtEdge)
    }
    if (entry === null) return
    const tests = [...testsBelow(block)]
    if (entry.side === 'outside') this.#outside.settleBlock(block, tests, entry.outcome)
    else this.#goInside(block, entry, tests)
    await session.goOn()
  }

  /** The rest of a level's suite, from `first` on, runs in a branch. True: this process is the branch. */
  #placeRest(level: Level, first: Test | Block, entry: Entry): boolean {
    const suite = this.#plan.levels.get(level)
    if (suite === undefined) throw new TypeError('a level without a suite')
    const isLeft = (at: Test | Block): boolean => at === first || !this.#begun.has(at)
    const tests = [...testsBelow(suite)].filter(
      test => test === first || (isLeft(test) && isLeftWith(test.parent, suite, isLeft)),
    )
    if (entry.side === 'inside') {
      this.#goInside(suite, entry, tests)
      return true
    }
    const blocks = [...blocksOf(suite)].filter(
      block => block !== suite && block.parent === suite && isLeft(block),
    )
    this.#outside.settleRest(first, blocks, tests, entry.outcome)
    return false
  }

  #goInside(at: Test | Block, entry: Entry & { side: 'inside' }, own: readonly Test[]): void {
    this.#channel.leave(at.type === 'describeBlock')
    this.#steps.attempt = null
    const { global } = this.#parts.environment
    // The context's `process` is a copy.
    for (const key of ['pid', 'reallyExit']) {
      const descriptor = Object.getOwnPropertyDescriptor(process, key)
      if (descriptor !== undefined) Object.defineProperty(global.process, key, descriptor)
    }
    this.#inside = new Inside(at, entry, own, this.#lists)
  }

  async #afterBlock(block: Block): Promise<void> {
    const inside = this.#inside
    if (inside?.at === block && inside.of === 'rest') return this.#endBranch(block)
    if (this.#outside.giveHooksBack(block)) return
    const plan = this.#plan.suites.get(block)
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
    const { at, of } = this.#inside ?? {}
    if (of === 'rest' && at?.type === 'describeBlock' && isWithin(at, parent)) return this.#endBranch(at)
    await this.#endLevel(this.#plan.suites.get(parent)?.own ?? null)
  }

  /** Ends this branch for the rest of a suite, with the teardowns of all that was built in it. */
  async #endBranch(block: Block): Promise<void> {
    await this.#endLevels(this.#plan.suites.get(block)?.level ?? null)
    return this.#inside?.end()
  }

  async #endLevels(innermost: Level | null): Promise<void> {
    for (let level = innermost; level !== null; level = level.source.parent) await this.#endLevel(level)
  }

  async #endLevel(level: Level | null): Promise<void> {
    if (level === null || this.#endedLevels.has(level)) return
    this.#endedLevels.add(level)
    this.#outside.addLateErrors()
    this.#state.unhandledErrors.push(...(await this.#session.endSuite(level)))
  }

  /** The whole suite is run once more: `jest.retryTimes()` stands in it. */
  #beforeAgain(block: Block): void {
    this.#outside.forget(testsBelow(block))
    for (const each of blocksOf(block)) {
      this.#begun.delete(each)
      const { own, level } = this.#plan.suites.get(each) ?? {}
      if (own) this.#endedLevels.delete(own)
      for (const test of each.children) {
        if (test.type !== 'test') continue
        this.#begun.delete(test)
        if (!test.concurrent && isToRun(test, this.#state)) level?.countLeft(1)
      }
    }
  }

  // ---- Tests

  async #beforeTest(test: Test): Promise<void> {
    const inside = this.#inside
    if (inside !== null && inside.at.type === 'test') return NEVER
    // It ran in a branch; or it is none of this branch's, and circus retries it here as it will outside.
    if (this.#outside.isSettled(test) || (inside !== null && !inside.owns(test)))
      return this.#outside.stub(test)
    const isAgain = this.#begun.has(test)
    this.#begun.add(test)
    const level = this.#plan.suites.get(test.parent)?.level
    if (!level || test.concurrent) return
    if (isAgain) level.countLeft(1)
    if (test.errors.length > 0) {
      // Its hooks after it will run all the same.
      level.countLeft(-1)
      return this.#moveOn()
    }
    await this.#placeTest(test, level)
  }

  async #placeTest(test: Test, level: Level): Promise<void> {
    const session = this.#session
    const timeoutMs = test.timeout || this.#state.testTimeout
    const traits = {
      isAlone: !this.#concurrent.areUnderWay,
      place: { suite: namesOf(test.parent).join(' > '), test: test.name },
      isAtEdge: this.#isAtEdge(level, test),
      key: `${this.#lists.tests.indexOf(test)} ${test.invocations}`,
      followed: this.#countFollowing(test),
      deadlineMs: timeoutMs + this.#parts.options.timeout,
    }
    let entry = await session.enterTest(level, traits)
    if (entry?.of === 'rest') {
      const isInside = this.#placeRest(level, test, entry)
      this.#channel.isMuted = !isInside
      await session.goOn()
      if (!isInside) return
      entry = await session.enterTest(level, traits)
    }
    if (entry?.side === 'elsewhere') throw new TypeError('tests run one after the other')
    if (entry?.side === 'outside') return this.#outside.settleTest(test, entry.outcome)
    if (entry !== null) this.#goInside(test, entry, [test])
    try {
      this.#steps.attempt = await session.startTry(level)
    } catch (error) {
      test.errors.push([error, test.asyncError])
    }
  }

  async #afterTest(test: Test): Promise<void> {
    if (this.#outside.endStub(test)) return
    await this.#endTry(test)
    if (this.#inside?.at === test) return this.#inside.end()
  }

  async #endTry(test: Test): Promise<void> {
    const { attempt } = this.#steps
    this.#steps.attempt = null
    if (attempt === null) return
    const { error } = await this.#session.endTry(attempt.level, attempt)
    if (error !== null) test.errors.push(error)
  }

  /** Nothing of the level's suite has begun that has not ended: a branch from here could run all the rest of it. */
  #isAtEdge(level: Level | null, at: Test | Block): boolean {
    return level !== null && this.#plan.levels.get(level) === at.parent && !this.#concurrent.areUnderWay
  }

  /** Whether circus comes to another test of the suite next: 1, or 0. */
  #countFollowing(test: Test): 0 | 1 {
    const { children } = test.parent
    for (const next of children.slice(children.indexOf(test) + 1)) {
      if (next.type === 'describeBlock' || next.concurrent) return 0
      if (isToRun(next, this.#state)) return 1
    }
    return 0
  }

  /** User code runs in this process that belongs to no test that is rolled back. */
  #moveOn(): void {
    this.#session.leaveRolling()
    for (const level of this.#plan.levels.keys()) this.#session.invalidate(level)
  }

  // ---- The file

  /** The record of the file, at its end. */
  end(): FileRecord {
    this.#channel.isAhead = () => false
    this.#channel.isMuted = false
    const { chosen, why, refused } = this.#choice
    return {
      file: this.#parts.testPath,
      engine: { chosen: chosen?.name ?? 'off', why, refused },
      checkpoints: this.#session.takeRecords(),
      hoisted: this.#plan.hoisted,
      notHoisted: this.#plan.notHoisted,
      findings: this.#session.takeFindings(),
      ...(this.#guard && { undone: this.#session.takeUndone() }),
    }
  }
}

/** Whether no block from the suite down to this one has begun. */
function isLeftWith(block: Block, suite: Block, isLeft: (block: Block) => boolean): boolean {
  if (block === suite) return true
  return isLeft(block) && block.parent !== undefined && isLeftWith(block.parent, suite, isLeft)
}
