import {
  BranchingSession,
  chooseEngine,
  type EngineChoice,
  type FilePlan,
  type FileRecord,
  ForkEngine,
  type HostGuard,
  type Refusal,
  type Session,
} from 'forkpoint/adapter'
import type { Block, CircusState } from './circus.ts'
import { findWorkerObstacle, HEAP_OBSTACLE } from './find-obstacle.ts'
import type { SharedLists } from './inside.ts'
import type { RollbackParts } from './rollback-parts.ts'
import { listShared } from './shared-lists.ts'
import { Steps } from './steps.ts'
import { planFile } from './suite-plan.ts'
import { watchHostCalls } from './watch-host-calls.ts'
import { withoutMemoryReport } from './without-memory-report.ts'
import { WorkerChannel } from './worker-channel.ts'

/** The heap engine, which is not there for Jest. */
interface AbsentHeapEngine {
  name: 'heap'
  refuse(): Refusal | null
}

/** A file that has something to roll back: its plan, its session, and its steps. */
export class ActiveFile {
  readonly plan: FilePlan<Block>
  readonly session: Session
  readonly steps: Steps
  readonly engine: ForkEngine
  readonly lists: SharedLists
  readonly #testPath: string
  readonly #choice: EngineChoice<ForkEngine | AbsentHeapEngine>
  readonly #guard: HostGuard | null

  private constructor(parts: RollbackParts, state: CircusState, steps: Steps, plan: FilePlan<Block>) {
    const { options, ofJest, watch, run } = parts
    this.plan = plan
    this.steps = steps
    this.#testPath = parts.testPath
    this.engine = ForkEngine.create(watch, findWorkerObstacle(run))
    this.engine.dieWithParent()
    this.engine.keepErrors(withoutMemoryReport)
    const heap: AbsentHeapEngine = { name: 'heap', refuse: () => HEAP_OBSTACLE }
    this.#choice = chooseEngine<ForkEngine | AbsentHeapEngine>(options.engine, [this.engine, heap])
    const { scope, warmup } = options
    const resetMocks = ofJest?.fn
    this.#guard = watchHostCalls(options, parts.rootDir)
    this.session = new BranchingSession({
      engine: this.#choice.chosen === null ? null : this.engine,
      // A test run the plain way leaves its state to the next one, and under `scope: 'all'` nothing rebuilds it.
      warmup: scope === 'all' && warmup === 'auto' ? 0 : warmup,
      beforeSteps: () => resetMocks?.call({}),
      beforeBranch: () => WorkerChannel.get().settle(),
      disk: null,
      guard: this.#guard,
      beside: null,
    })
    const root = state.rootDescribeBlock
    root.hooks.push(steps.makeLastHook(root))
    this.lists = listShared(parts, state)
    if (ofJest !== undefined && resetMocks !== undefined) {
      // Before the steps it has run already.
      ofJest.fn = () => (steps.attempt?.isBuilt ? undefined : resetMocks.call({}))
    }
  }

  /** Of a file in which nothing can be rolled back: null, or its record, where there is something to say. */
  static open(parts: RollbackParts, state: CircusState): ActiveFile | FileRecord | null {
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
    if (plan.isActive) return new ActiveFile(parts, state, steps, plan)
    if (plan.notHoisted.length === 0) return null
    const engine = { chosen: 'off' as const, why: 'nothing to roll back', refused: [] }
    const { notHoisted } = plan
    return { file: testPath, engine, checkpoints: [], hoisted: 0, notHoisted, findings: [] }
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
      ...(this.#guard && { undone: this.session.takeUndone() }),
    }
  }
}
