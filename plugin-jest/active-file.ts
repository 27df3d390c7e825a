import {
  chooseEngine,
  type Desk,
  type EngineChoice,
  type FilePlan,
  type FileRecord,
  ForkEngine,
  type HeapEngine,
  type HostGuard,
  type Level,
  type Refusal,
  type Session,
  startSession,
} from 'forkpoint/adapter'
import type { Block, CircusState, Test } from './circus.ts'
import {
  findEnvironmentObstacle,
  findHeapObstacle,
  findWorkerObstacle,
  HEAP_OBSTACLE,
} from './find-obstacle.ts'
import type { SharedLists } from './inside.ts'
import type { RollbackParts } from './rollback-parts.ts'
import { loadSecondCircus } from './run-again.ts'
import { listShared } from './shared-lists.ts'
import { Steps } from './steps.ts'
import { planFile } from './suite-plan.ts'
import { Verification, type VerificationParts } from './verification.ts'
import { watchHostCalls } from './watch-host-calls.ts'
import { withoutMemoryReport } from './without-memory-report.ts'
import { WorkerChannel } from './worker-channel.ts'

/** The heap engine in a context that was not prepared for it. */
interface Unprepared {
  name: 'heap'
  refuse(): Refusal | null
}

/** A worker of Jest asks its main process for nothing. */
const SILENT: Desk = {
  isUrgent: () => true,
  answer: () => Promise.reject(new TypeError('a branch has asked for something')),
}

/** A file that has something to roll back: its plan, its session, and its steps. */
export class ActiveFile {
  readonly plan: FilePlan<Block>
  readonly session: Session
  readonly steps: Steps
  readonly engine: ForkEngine
  readonly lists: SharedLists
  readonly #testPath: string
  readonly #choice: EngineChoice<ForkEngine | HeapEngine | Unprepared>
  readonly #guard: HostGuard | null
  readonly #verify: number
  /** Null where tests are not run twice in this process. */
  readonly #verifying: VerificationParts | null
  /** How many tests of each level have been picked. */
  readonly #verified = new Map<Level, number>()

  private constructor(parts: RollbackParts, state: CircusState, steps: Steps, plan: FilePlan<Block>) {
    const { options, ofJest, watch, run, prepared, environment } = parts
    this.plan = plan
    this.steps = steps
    this.#testPath = parts.testPath
    this.engine = ForkEngine.create(watch, findWorkerObstacle(run))
    this.engine.dieWithParent()
    this.engine.keepErrors(withoutMemoryReport)
    const heap = prepared?.makeEngine() ?? {
      name: 'heap' as const,
      refuse: () => findEnvironmentObstacle(environment) ?? findHeapObstacle(run) ?? HEAP_OBSTACLE,
    }
    const engines = [this.engine, heap]
    this.#choice = chooseEngine<ForkEngine | HeapEngine | Unprepared>(options.engine, engines)
    const { chosen } = this.#choice
    const resetMocks = ofJest?.fn
    this.#guard = watchHostCalls(options, run, parts.rootDir)
    this.#verify = options.verify
    this.session = startSession(chosen !== null && 'noteRestore' in chosen ? chosen : null, {
      options,
      beforeSteps: () => resetMocks?.call({}),
      beforeBranch: () => WorkerChannel.get().settle(),
      disk: parts.disk,
      guard: this.#guard,
      desk: SILENT,
      root: parts.rootDir,
    })
    const root = state.rootDescribeBlock
    root.hooks.push(steps.makeLastHook(root))
    this.lists = listShared(parts, state)
    this.#verifying =
      options.verify === 0 || chosen?.name !== 'heap'
        ? null
        : {
            state,
            environment,
            console: parts.console,
            expect: parts.globals.expect,
            lists: this.lists,
            runAgain: loadSecondCircus(parts.testRunner),
            runUndos: parts.runUndos,
          }
    if (ofJest !== undefined && resetMocks !== undefined) {
      // Before the steps it has run already.
      ofJest.fn = () => (steps.attempt?.isBuilt ? undefined : resetMocks.call({}))
    }
  }

  /** Of a file in which nothing can be rolled back: null, or its record, where there is something to say. */
  static open(parts: RollbackParts, state: CircusState): ActiveFile | FileRecord | null {
    const { options, marks, ofJest, testPath, environment, globals } = parts
    const steps = new Steps(state, environment, globals.expect)
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
    if (plan.isActive) return new ActiveFile(parts, state, steps, plan)
    if (plan.notHoisted.length === 0) return null
    const engine = { chosen: 'off' as const, why: 'nothing to roll back', refused: [] }
    const { notHoisted } = plan
    return { file: testPath, engine, checkpoints: [], hoisted: 0, notHoisted, findings: [] }
  }

  /** Whether a test that is rolled back is to be run twice: asked once for each. */
  isToVerify(level: Level, test: Test): boolean {
    const count = this.#verified.get(level) ?? 0
    if (count >= this.#verify || test.failing) return false
    this.#verified.set(level, count + 1)
    return true
  }

  /** A test that is to run twice in this process, before it does; null for any other. */
  verifyInPlace(level: Level, test: Test): Verification | null {
    if (this.#verifying === null || !this.session.isPlaced || !this.isToVerify(level, test)) return null
    return new Verification(test, this.#verifying)
  }

  /** The record of the file, at its end. */
  takeRecord(): FileRecord {
    const { chosen, why, refused } = this.#choice
    return {
      file: this.#testPath,
      engine: { chosen: chosen?.name ?? 'off', why, refused },
      checkpoints: this.session.takeRecords(),
      hoisted: this.plan.hoisted,
      notHoisted: this.plan.notHoisted,
      findings: this.session.takeFindings(),
      discarded: this.session.takeDiscarded(),
      ...(this.#guard && { undone: this.session.takeUndone(), rulesUsed: this.session.rulesUsed }),
    }
  }
}
