import { collectGarbage } from '../collect-garbage.ts'
import type { InPlaceEngine, Obstacle, PlaceState, Refusal } from '../engine.ts'
import { now, setImmediate, setTimeout } from '../intrinsics.ts'
import { ownProfile } from '../profile/profile.ts'
import { shapeOfState } from '../profile/shape-of-state.ts'
import { median } from '../report/statistics.ts'
import { sharedState } from '../state.ts'
import { listTimers, trackTimers } from '../timers.ts'
import { attributesJournal } from './attributes-journal.ts'
import { Audit, type AuditOptions } from './audit/audit.ts'
import { ExcludedModules } from './excluded-modules.ts'
import { findPath } from './find-path.ts'
import { describeFull } from './memory-bound.ts'
import { loadNatives } from './natives.ts'
import { OnceListeners } from './once-listeners.ts'
import { ownRealm, type Realm } from './realms.ts'
import { Recording, type RootStore, type Roots } from './recording.ts'
import { addLoadedModules } from './roots/boundary.ts'
import { BuiltInsStore } from './roots/built-ins-store.ts'
import { GlobalState } from './roots/global-state.ts'
import type { ModuleRegistry } from './roots/module-registry.ts'
import { ModuleState } from './roots/module-state.ts'
import { ProcessCopy } from './roots/process-copy.ts'
import { ProcessState } from './roots/process-state.ts'
import { type FolderFunctions, ShownFolder } from './roots/shown-folder.ts'
import { TimerState } from './roots/timer-state.ts'
import type { Unrestorable } from './unrestorable.ts'
import { weakJournal } from './weak-journal.ts'

const { nextTick } = process

/** How long a checkpoint waits for work in flight to end. */
const QUIESCE_MS = 1000

/** Assumed of a restore of which nothing is known yet: measured with the 10,000 objects of an SQL engine written in JavaScript. */
const UNKNOWN_MS = 4

/** The same of a recording, the first of a process: half of it is finding out what V8 and the kernel tell. */
const UNKNOWN_TAKE_MS = 150

/** Enough restores for their median to replace the estimate. */
const RECENT = 8

const REMEDY = 'build it in the test, or leave this suite to the fork engine'

const MORE_MEMORY =
  'give Node more of it (`--max-old-space-size`), leave large data out with exclude(), or leave this suite to the fork engine'

/** What the engine does not see. */
const UNSEEN =
  'the heap engine does not see it: build it in the test, leave it out with exclude(), or leave this suite to the fork engine'

export interface HeapEngineOptions {
  /** That of the tests; without it, this one. */
  realm?: Realm
  /** Objects that are left as they are, and not looked into; see `findBoundary`. */
  boundary: Set<object>
  /** Why it can't run, or null. */
  obstacle: Refusal | null
  /** Timers that belong to no fixture; without it, those that live now. */
  timersBefore?: ReadonlySet<object>
  /** Where loaded modules are kept. */
  modules: ModuleRegistry
  /** By which tests ask for the folder of the process, where those are none of Node's. */
  folder?: FolderFunctions
  /** State of the runner's that tests use as their own, put back before all else. */
  ofRunner?: readonly RootStore[]
  /** State that the runner keeps for a function that has properties, though nothing leads there. */
  edgesOf?(object: object): unknown
  /** What of the runner's state can't be put back now. */
  findObstacles?(): Obstacle[]
  /**
   * Called for each checkpoint; what it returns is asked at each restore: whether the runner may have defined properties by
   * a function that it took before this engine was there.
   */
  watchDefined?(): () => boolean
  /** Whether a second reading is to find what has not come back; null: no. */
  audit: Pick<AuditOptions, 'scripts' | 'foreign'> | null
  /** Global variables that are the runner's. */
  isRunnerGlobal(key: PropertyKey): boolean
}

/**
 * Rolls back in place: all objects that the roots lead to are recorded, and put back by assigning what differs. They keep their
 * identity, and the code its warmth. The roots are global variables, what belongs to the process, and the variables that the
 * transform exposes.
 */
export class HeapEngine implements InPlaceEngine {
  readonly name = 'heap'
  readonly #options: HeapEngineOptions
  readonly #recent: number[] = []
  readonly #takes: number[] = []
  readonly #onceListeners: OnceListeners
  #timersBefore: ReadonlySet<object>
  /** Modules of Node whose exports the boundary holds. */
  readonly #loadedModules = new Set<string>()

  /** Weak collections, definitions of properties and timers are watched from here on. */
  constructor(options: HeapEngineOptions) {
    this.#options = options
    weakJournal()
    attributesJournal()
    this.#onceListeners = new OnceListeners()
    trackTimers()
    this.#timersBefore = options.timersBefore ?? listTimers()
  }

  refuse(): Refusal | null {
    return this.#options.obstacle
  }

  async quiesce(): Promise<Obstacle[]> {
    const end = now() + QUIESCE_MS
    await new Promise(resolve => setImmediate(resolve))
    let busy = requestsInFlight()
    while (busy.length > 0 && now() < end) {
      await new Promise(resolve => setTimeout(resolve, 1))
      busy = requestsInFlight()
    }
    if (busy.length === 0) {
      // As without a wait: what runs next runs from the queue of ticks, which stack traces show.
      await new Promise<void>(resolve => nextTick(resolve))
      return []
    }
    return [
      {
        why: `work is in flight (${busy.join(', ')})`,
        remedy: 'await it in the setup, or stop it before the setup returns',
      },
    ]
  }

  beginFixture(): void {
    this.#timersBefore = listTimers()
  }

  /** Calls that end with the test need not be told of. */
  expectRestore(isCertain: boolean): void {
    sharedState().cells.on = !isCertain
  }

  estimateTakeMs(): number {
    return this.#takes.length > 0 ? median(this.#takes) : UNKNOWN_TAKE_MS
  }

  take(): PlaceState | Obstacle[] {
    const start = now()
    const taken = this.#take()
    this.#takes.push(now() - start)
    return taken
  }

  #take(): PlaceState | Obstacle[] {
    const {
      boundary,
      isRunnerGlobal,
      modules,
      ofRunner = [],
      findObstacles,
      folder,
      edgesOf,
      watchDefined,
      realm = ownRealm,
    } = this.#options
    addLoadedModules(boundary, this.#loadedModules)
    const obstacles = findObstacles?.() ?? []
    if (obstacles.length > 0) return obstacles
    const { cells, excluded } = sharedState()
    if (cells.hasCopies) collectGarbage()
    const leftOut = excluded.list()
    const excludedModules = new ExcludedModules(leftOut, cells.modules(), modules)
    if (excludedModules.obstacles.length > 0) return excludedModules.obstacles
    const isIncluded = (each: { label: string }): boolean => !excludedModules.has(each)
    const edge = leftOut.length === 0 ? boundary : new Set([...boundary, ...leftOut])
    const natives = loadNatives()
    const copy = ProcessCopy.of(realm.global)
    const roots: Roots = {
      global: realm.global,
      cells: cells.list().filter(isIncluded),
      // What puts the rest back calls built-ins too.
      first: [new BuiltInsStore(natives, realm), ...ofRunner],
      stores: [
        new GlobalState(realm.global, isRunnerGlobal),
        new ProcessState(),
        ...(copy === null ? [] : [copy]),
        ...(folder === undefined ? [] : [new ShownFolder(folder)]),
        new ModuleState(cells, modules),
        new TimerState(this.#timersBefore),
        this.#onceListeners,
      ],
    }
    const hasDefined = watchDefined?.()
    const recording = Recording.take(roots, {
      natives,
      boundary: edge,
      privates: cells.privates.filter(isIncluded),
      weak: weakJournal(),
      attributes: attributesJournal(),
      isJournalWhole: () => hasDefined?.() !== true,
      describeFull,
      ...(edgesOf && { edgesOf }),
    })
    if (recording.full !== null) {
      recording.release()
      return [{ why: recording.full, remedy: MORE_MEMORY }]
    }
    if (recording.unsupported.length > 0) {
      recording.release()
      return this.#describe(roots, edge, recording.unsupported)
    }
    const { size } = recording
    const profile = ownProfile()
    profile?.addCheckpoint(shapeOfState({ roots, boundary: edge, isRunnerGlobal, objects: size }))
    const { audit } = this.#options
    const reading =
      audit && new Audit(roots, { ...audit, boundary: edge, isRunnerGlobal, ...(edgesOf && { edgesOf }) })
    return {
      objects: size,
      findChanges: () => (reading?.findChanges() ?? []).map(why => ({ why, remedy: UNSEEN })),
      restore: () => this.#describe(roots, edge, recording.restore().unrestorable),
      release: () => recording.release(),
    }
  }

  estimateMs(): number {
    return this.#recent.length > 0 ? median(this.#recent) : UNKNOWN_MS
  }

  noteRestore(ms: number): void {
    this.#recent.push(ms)
    if (this.#recent.length > RECENT) this.#recent.shift()
  }

  /** One obstacle, for the first, says where it stands; the others are counted. */
  #describe(roots: Roots, edge: ReadonlySet<object>, found: readonly Unrestorable[]): Obstacle[] {
    const [first, ...others] = found
    if (first === undefined) return []
    const path = first.path ?? findPath(roots, first.object, edge)
    const more = others.length > 0 ? ` (and ${others.length} more)` : ''
    return [{ why: `\`${path}\` can't be put back: ${first.why}${more}`, remedy: REMEDY }]
  }
}

/** Kinds of requests to the system that have not been answered, as Node names them. */
function requestsInFlight(): string[] {
  return [...new Set(process.getActiveResourcesInfo().filter(kind => /Req/.test(kind)))]
}
