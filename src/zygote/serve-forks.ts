import { collectGarbage } from '../collect-garbage.ts'
import type { Refusal } from '../engine.ts'
import { type Addon, loadAddon } from '../fork/addon.ts'
import { ForkEngine } from '../fork/engine.ts'
import { gatherHeap } from '../fork/gather-heap.ts'
import { type ChildSelf, Offspring } from '../fork/offspring.ts'
import { renewWatch, watchProcess } from '../fork/watch-process.ts'
import { dateNow, setImmediate, timeOrigin } from '../intrinsics.ts'
import { sharedState } from '../state.ts'
import { AddedGlobals } from './added-globals.ts'
import { importAhead } from './import-ahead.ts'
import { MessageSocket } from './message-socket.ts'
import type { Death, Hello, ZygoteNote, ZygoteOrder, ZygotePlan, ZygoteReport } from './orders.ts'
import { holdRandom, seedRandom } from './seed-random.ts'
import { makeAllowSilence, WatchedChild } from './watched-child.ts'

/** As it was before any code that guards it. */
const exit = process.exit.bind(process)

/** What the children are for: the part of a zygote that knows the runner. */
export interface ZygoteWork {
  /** In the zygote, before the modules of the plan are imported. @param given of the plan */
  prepare(given: unknown): Promise<void>
  /**
   * In a child, once the main process can be reached.
   *
   * @param noteWanted to be called with the address or path of each module that Node is about to import
   */
  begin(main: MessageSocket, noteWanted: (module: string) => void): void
}

/**
 * Makes this process, which has just been started, a zygote: it imports what its children have in common, once, and forks a child
 * whenever it is told to. No code of a test ever runs in it.
 */
export function serveForks(work: ZygoteWork): void {
  const zygote = new ZygoteProcess(work)
  process.on('message', order => zygote.take(order as ZygoteOrder))
  // Whoever would give orders is gone.
  process.on('disconnect', () => exit(0))
}

class ZygoteProcess {
  readonly #work: ZygoteWork
  readonly #putRandomBack: () => void
  readonly #running = new Map<string, WatchedChild>()
  #offspring: Offspring | null = null
  #globals = new AddedGlobals()
  /** Orders are carried out one after the other. */
  #last: Promise<void> = Promise.resolve()
  /** This process is a child now: what was under way in the zygote ends. */
  #isChild = false

  constructor(work: ZygoteWork) {
    this.#work = work
    this.#putRandomBack = holdRandom()
    watchProcess()
    gatherHeap()
  }

  take(order: ZygoteOrder): void {
    if ('kill' in order) this.#kill(order.kill, order.signal)
    else this.#last = this.#last.then(() => (this.#isChild ? undefined : this.#carryOut(order)))
  }

  #carryOut(order: Exclude<ZygoteOrder, { kill: string }>): Promise<void> {
    return 'prepare' in order
      ? this.#prepare(order.prepare).catch(noteFailed)
      : this.#fork(order.fork, order.address)
  }

  async #prepare({ given, preload, laterGlobals }: ZygotePlan): Promise<void> {
    const addon = loadAddon()
    if (!('why' in addon)) addon.dieWithParent()
    await this.#work.prepare(given)
    const { preloaded, unsuitable, globals } = await importAhead(preload, findRefusal, laterGlobals)
    this.#putRandomBack()
    if (unsuitable !== null) return tell({ unsuitable })
    const refusal = await findRefusal()
    if (refusal !== null || 'why' in addon) return tell({ unfit: refusal ?? NO_ADDON })
    globals.hide()
    this.#globals = globals
    collectGarbage()
    addon.trim()
    this.#offspring = new Offspring(addon)
    tell({ ready: describe(addon, preloaded) })
  }

  async #fork(id: string, address: string): Promise<void> {
    const offspring = this.#offspring
    if (offspring === null) return
    // Node may be in the middle of its background tasks, and a child would wait for their threads.
    await new Promise(resolve => setImmediate(resolve))
    const listeners = process.listenerCount('uncaughtException')
    const channel = process.channel as { fd?: number } | undefined
    const forked = offspring.fork([channel?.fd ?? -1], [])
    if (forked.side === 'child') {
      this.#isChild = true
      // A child that runs the runner's own code has that listen for them.
      if (listeners === 0) process.removeAllListeners('uncaughtException')
      return this.#beChild(offspring.addon, forked.self, id, address)
    }
    const { child } = forked
    offspring.addon.close(child.orders)
    this.#running.set(id, new WatchedChild(child, () => this.#noteEnd(offspring, id)))
  }

  async #beChild(addon: Addon, self: ChildSelf, id: string, address: string): Promise<void> {
    for (const name of ['message', 'disconnect']) process.removeAllListeners(name)
    for (const each of this.#running.values()) each.drop()
    this.#running.clear()
    addon.close(self.orders)
    seedRandom()
    try {
      const main = await MessageSocket.connect(address)
      main.onClose(() => addon.exit(0))
      const state = sharedState()
      state.channel = onlyHere(main)
      state.allowSilence = makeAllowSilence(self.result)
      renewWatch()
      const hello: Hello = { hello: id }
      main.send(hello)
      this.#work.begin(main, module => this.#globals.noteWanted(module))
    } catch {
      // The main process sees that it ends.
      addon.exit(1)
    }
  }

  #noteEnd(offspring: Offspring, id: string): void {
    const watched = this.#running.get(id)
    if (watched === undefined) return
    this.#running.delete(id)
    const outcome = offspring.awaitEnd(watched.pid) as Death
    tell({ ended: id, outcome: watched.timeout ?? outcome })
  }

  #kill(id: string, signal: NodeJS.Signals): void {
    const watched = this.#running.get(id)
    if (watched !== undefined) process.kill(watched.pid, signal)
  }
}

/** It was looked for before this process was started. */
const NO_ADDON: Refusal = {
  engine: 'fork',
  check: 'addon',
  why: 'the native addon is gone',
  remedy: 'see `npx forkpoint doctor`',
}

/** Processes that branch from this one have it too, and are to say nothing by it of their own. */
function onlyHere(main: MessageSocket): NonNullable<ReturnType<typeof sharedState>['channel']> {
  const { pid } = process
  return {
    get fd() {
      return main.fd
    },
    send(value) {
      if (process.pid === pid) main.send(value)
    },
  }
}

async function findRefusal(): Promise<Refusal | null> {
  const engine = ForkEngine.create(watchProcess())
  const refusal = engine.refuse()
  if (refusal !== null) return refusal
  const [obstacle] = await engine.quiesce()
  return obstacle === undefined ? null : { engine: 'fork', check: 'open handles', ...obstacle }
}

function describe(addon: Addon, preloaded: ZygoteReport['preloaded']): ZygoteReport {
  return { startMs: dateNow() - timeOrigin, preloaded, residentBytes: addon.residentBytes() }
}

function noteFailed(error: unknown): void {
  const { message } = Object(error) as { message?: unknown }
  tell({
    unfit: {
      engine: 'fork',
      check: 'zygote',
      why: `what test files have in common could not be made ready before the fork: ${message ?? error}`,
      remedy: 'see whether it works without `files`',
    },
  })
}

function tell(note: ZygoteNote): void {
  process.send?.(note)
}
