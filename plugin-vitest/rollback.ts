import { ForkEngine, intrinsics } from 'forkpoint/adapter'
import { ActiveFile } from './active-file.ts'
import { Branches } from './branches.ts'
import { keepMocks } from './clear-mocks.ts'
import {
  type AroundHook,
  isFile,
  isSuite,
  isToRun,
  type Suite,
  type Test,
  type TestFile,
} from './internals.ts'
import { placeTest } from './place-test.ts'
import { recordTest } from './record-test.ts'
import type { CancelReason, Patched, RollbackParts } from './rollback-parts.ts'
import { RpcDesk } from './rpc-desk.ts'
import { packTask } from './shipment.ts'

const { dateNow, queueMicrotask } = intrinsics
const NEVER: Promise<never> = new Promise(() => {})

/**
 * Turns Vitest's events into the session's verbs, in a worker whose files have something to roll back. A task that runs in
 * a branch is, for the Vitest of this process, a skipped one whose result came from elsewhere.
 */
export class Rollback {
  readonly #parts: RollbackParts
  readonly #engine: ForkEngine
  readonly #patched: Patched
  readonly #branches: Branches
  #file: ActiveFile | null = null

  constructor(parts: RollbackParts) {
    const { runner, config, watch, obstacle } = parts
    const patched = runner as Patched
    this.#parts = parts
    this.#engine = ForkEngine.create(watch, obstacle)
    this.#engine.dieWithParent()
    this.#patched = patched
    this.#branches = new Branches({
      runner,
      beforeCall: () => this.#engine.endIfAhead(),
      config,
      reportCoverage: files => patched.onAfterRunFiles(files),
      cancel: reason => this.cancel(reason as CancelReason),
    })
    if (patched.onTaskUpdate) {
      patched.onTaskUpdate = this.#branches.updates.wrap(patched.onTaskUpdate.bind(runner))
    }
  }

  openFile(file: TestFile): void {
    const { config, options, marks } = this.#parts
    const branches = this.#branches
    branches.updates.forgetSettled()
    this.#file = ActiveFile.activate(file, {
      config,
      options,
      marks,
      engine: this.#engine,
      heap: this.#parts.heap,
      heapObstacle: this.#parts.heapObstacle,
      disk: this.#parts.disk,
      guard: this.#parts.guard,
      around: this.#around,
      beforeBranch: isStill => branches.rpc.settle(isStill),
      desk: new RpcDesk(() => branches.updates.sendWaiting(id => packTask(file, id))),
      onTestsDone: () => {
        this.#engine.endIfAhead()
        branches.updates.release()
        branches.undoPassing()
      },
      asker: () => {
        const { inside } = branches
        return inside === null || isSuite(inside.task) ? null : fixture => inside.askFor(fixture)
      },
    })
  }

  /** A worker may live on and run other files: nothing of this one is kept, neither its tests nor the state they hold. */
  async #closeFile(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.end()
    this.#branches.forget()
  }

  // ---- Suites

  async beforeSuite(suite: Suite): Promise<void> {
    const branches = this.#branches
    if (branches.hasGonePast(suite)) return branches.inside?.end()
    branches.noteBegun(suite)
    await this.#parts.vitest.beforeSuite(suite)
    const file = this.#file
    if (file === null || file.isRetired || !isToRun(suite)) return
    const release = await branches.takeTurn()
    // While it waited the rest of the suite around it may have run in a branch.
    if (isToRun(suite)) await this.#placeSuite(file, suite)
    if (branches.inside?.task !== suite) release()
  }

  /** Runs the suite in a branch, or leaves it to this process, which may be the branch. */
  async #placeSuite(file: ActiveFile, suite: Suite): Promise<void> {
    const plan = file.planOf(suite)
    if (plan === undefined) return
    const { session } = file
    const { around } = plan
    const branches = this.#branches
    const startTime = dateNow()
    const isAtEdge = branches.isAtEdge(file, around, suite)
    let entry = await session.enterSuite(around, plan, isAtEdge)
    if (entry?.of === 'rest' && around !== null) {
      const isInside = branches.placeRest(file, around, suite, entry, startTime)
      await session.goOn()
      if (!isInside) return
      entry = await session.enterSuite(around, plan, isAtEdge)
    }
    if (entry?.side === 'outside') {
      branches.settle(suite, entry, startTime, null)
      await session.goOn()
      // Vitest passes over the suite in one go once `beforeSuite` has returned, two microtasks from here, and looks at its
      // result after a few more: this comes in between.
      afterMicrotasks(4, () => branches.undoPassing())
      return
    }
    if (entry !== null) {
      branches.goInside(file, suite, entry)
      await session.goOn()
    }
    if (plan.isStateful) branches.updates.release()
    if (plan.hasHooksBefore && around !== null) session.invalidate(around)
  }

  async afterSuite(suite: Suite): Promise<void> {
    const branches = this.#branches
    if (branches.hasGonePast(suite)) return branches.inside?.end()
    if (isFile(suite)) {
      branches.updates.release()
      branches.undoPassing()
    }
    if (branches.inside?.task === suite && this.#file !== null) {
      await branches.endLevels(this.#file, suite)
      return branches.inside.end()
    }
    const plan = this.#file?.planOf(suite)
    if (plan !== undefined) this.#file?.session.leaveSuite(plan.around, plan)
    if (isFile(suite)) await this.#closeFile()
    await this.#parts.vitest.afterSuite(suite)
  }

  // ---- Tests

  async beforeTask(test: Test): Promise<void> {
    const branches = this.#branches
    if (branches.hasGonePast(test)) return branches.inside?.end()
    if (branches.inside !== null && !isSuite(branches.inside.task)) return NEVER
    branches.noteBegun(test)
    await this.#parts.vitest.beforeTask(test)
    const file = this.#file
    if (file === null || file.isRetired || !isToRun(test)) return
    const level = file.planOf(test)?.level
    if (!level) return
    const release = await branches.takeTurn()
    const isInside =
      isToRun(test) &&
      (await placeTest(
        { ...this.#parts, branches, patched: this.#patched, around: this.#around, file, level },
        test,
      ))
    if (!isInside) release()
  }

  /** Stands around each try of each test of an active file, before all other hooks. */
  readonly #around: AroundHook = async (run, { task: test }) => {
    const file = this.#file
    const level = file?.planOf(test)?.level
    if (!level || file === null) return run()
    const { inside } = this.#branches
    const replay = inside?.replay
    if (replay) {
      await run()
      if (!replay.isOver) return
      replay.giveHooksBack()
      delete this.#patched.runTask
      return
    }
    if (inside?.task === test) await inside.beginTry(test)
    const verification = this.#branches.verificationOf(test)
    await verification?.beginTry()
    const attempt = await file.session.startTry(level, verification?.isSecond)
    file.attempts.set(test.id, attempt)
    let error: unknown = null
    try {
      await run()
    } finally {
      const verdict = await file.session.endTry(level, attempt)
      error = verdict.error
      file.noteFindings(test, verdict.findings)
      verification?.endTry()
      file.attempts.delete(test.id)
      if (inside === null) file.retireIfPlain()
    }
    if (error !== null) throw error
  }

  beforeTry(test: Test): void {
    if (this.#branches.inside?.replay) return
    const { config, vitest } = this.#parts
    const isBuilt = this.#file?.attempts.get(test.id)?.isBuilt ?? false
    if (isBuilt) keepMocks(config, () => vitest.beforeTry(test))
    else vitest.beforeTry(test)
  }

  afterTry(test: Test): void {
    if (!this.#branches.inside?.replay) this.#parts.vitest.afterTry(test)
  }

  afterTask(test: Test): Promise<void> | void {
    const verification = this.#branches.verificationOf(test)
    return verification === null ? this.#endTask(test) : verification.end().then(() => this.#endTask(test))
  }

  #endTask(test: Test): Promise<void> | void {
    const branches = this.#branches
    this.#parts.vitest.afterTask(test)
    branches.noteEnded(test)
    const findings = this.#file?.findingsOf(test) ?? []
    const isInside = branches.inside?.task === test
    if ((!isInside || findings.length > 0) && this.#file?.planOf(test)?.level)
      recordTest(test, isInside, findings)
    if (branches.inside?.task === test) return branches.inside.end()
  }

  cancel(reason: CancelReason): void {
    this.#branches.noteCancelled(reason)
    this.#engine.tell(reason)
    this.#parts.vitest.cancel(reason)
  }
}

function afterMicrotasks(count: number, callback: () => void): void {
  queueMicrotask(() => (count > 1 ? afterMicrotasks(count - 1, callback) : callback()))
}
