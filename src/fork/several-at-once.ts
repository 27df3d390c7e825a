import { serialize } from 'node:v8'
import type { BesideOptions, Branch, Desk, Elsewhere, Outcome } from '../engine.ts'
import { now, setImmediate } from '../intrinsics.ts'
import { sharedState } from '../state.ts'
import { ChildAside, type Note, ORDER_HEADER, type Order } from './aside.ts'
import { FrameReader } from './frame-reader.ts'
import type { Child, ChildSelf, Offspring } from './offspring.ts'
import { OutputFiles } from './output-files.ts'

/** poll(2) is given 64 descriptors at most, one of which is the channel's; more processes would only wait for a core. */
const MOST_AT_ONCE = 48

/** Time passes for the children in slices of this length at most: while this process is stopped they have none either. */
const SLICE_MS = 250

/** As above, while an answer is on its way that this process has to take. */
const ANSWER_MS = 5

interface Running extends Child {
  readonly output: OutputFiles
  readonly reader: FrameReader
  /** The branch it has come to. */
  key: string | null
  deadlineMs: number
  silentMs: number
  outcome: Outcome | null
  /** What it asks and is not urgent: it waits until all branches before it have ended. */
  readonly waiting: Array<{ id: number; question: unknown }>
  readonly asked: Set<Promise<void>>
  readonly unsent: Buffer[]
}

/**
 * Branches that run at once, each for one of several that follow one another. All are forked where the first one begins; the
 * later ones pass over those before them (`elsewhere`) until they come to their own. Outside, they are
 * answered for in their order. The children have neither the channel to the runner nor the standard streams: they ask
 * this process, which takes what they ask in the order of the branches, so that everybody sees what a run one after the
 * other would show.
 */
export class SeveralAtOnce {
  readonly #offspring: Offspring
  readonly #running: Running[] = []
  /** In a child on its way: how many branches it has still to pass over. */
  #passing: { self: ChildSelf; left: number } | null = null

  constructor(offspring: Offspring) {
    this.#offspring = offspring
  }

  get isAhead(): boolean {
    return this.#passing !== null
  }

  endIfAhead(): void {
    if (this.#passing !== null) this.#offspring.exitUnused()
  }

  drop(): void {
    for (const child of this.#running.splice(0)) {
      if (child.outcome === null) {
        this.#offspring.end(child.pid)
        this.#closePipes(child)
      }
      child.output.close()
    }
  }

  /** Tells all children. */
  tell(told: unknown): void {
    for (const child of this.#running) this.#order(child, { told })
  }

  async branch(options: BesideOptions): Promise<Branch | Elsewhere> {
    if (this.#passing !== null) return this.#pass(this.#passing, options)
    const start = now()
    this.#offspring.reap(0)
    const isFresh = options.isAgain || this.#running.length === 0
    const inside = this.#fill(options)
    if (inside !== null) return inside
    const [head] = this.#running
    if (head === undefined) throw new TypeError('no child was forked')
    const outcome = await this.#awaitHead(head, options)
    if (outcome !== null && (head.key === options.key || isFresh)) {
      this.#running.shift()
      head.output.print()
      head.output.close()
      return { side: 'outside', outcome, ms: now() - start, pid: head.pid }
    }
    // It went another way than this process.
    this.drop()
    return this.branch(options)
  }

  /** Forks what is missing. In a child: its first branch, its own or one to be passed over. */
  #fill({ key, deadlineMs, atOnce, followed, isAgain }: BesideOptions): Branch | Elsewhere | null {
    if (isAgain) return this.#begin(0, key, deadlineMs)
    const wanted = 1 + Math.min(Math.min(atOnce, MOST_AT_ONCE) - 1, followed)
    for (let place = this.#running.length; place < wanted; place++) {
      const inside = this.#begin(place, key, deadlineMs)
      if (inside !== null) return inside
    }
    return null
  }

  /** @param place how many branches the child has to pass over */
  #begin(place: number, key: string, deadlineMs: number): Branch | Elsewhere | null {
    const offspring = this.#offspring
    const output = new OutputFiles(offspring.addon)
    const others = this.#running.flatMap(child => [
      ...(child.outcome === null ? [child.result, child.orders] : []),
      ...child.output.fds,
    ])
    const channel = channelDescriptor()
    const forked = offspring.fork(channel === null ? [] : [channel], others)
    if (forked.side === 'child') {
      this.#running.length = 0
      output.replaceStreams()
      if (place === 0) return this.#enter(forked.self, key, deadlineMs)
      offspring.addon.guardLoop(true)
      this.#passing = { self: forked.self, left: place - 1 }
      return { side: 'elsewhere' }
    }
    const child: Running = {
      ...forked.child,
      output,
      reader: new FrameReader(),
      key: null,
      deadlineMs: 0,
      silentMs: 0,
      outcome: null,
      waiting: [],
      asked: new Set(),
      unsent: [],
    }
    if (place === 0) this.#running.unshift(child)
    else this.#running.push(child)
    return null
  }

  /** In a child on its way. */
  #pass(passing: { self: ChildSelf; left: number }, { key, deadlineMs }: BesideOptions): Branch | Elsewhere {
    if (passing.left-- > 0) return { side: 'elsewhere' }
    this.#passing = null
    this.#offspring.addon.guardLoop(false)
    return this.#enter(passing.self, key, deadlineMs)
  }

  #enter(self: ChildSelf, key: string, deadlineMs: number): Branch {
    const aside = new ChildAside(self)
    aside.tell({ begun: key, deadlineMs })
    return { side: 'inside', finish: self.finish, aside }
  }

  async #awaitHead(head: Running, { key, desk }: BesideOptions): Promise<Outcome | null> {
    while (head.outcome === null && (head.key === null || head.key === key)) {
      this.#answerWaiting(head, desk)
      await this.#turn(desk)
    }
    this.#answerWaiting(head, desk)
    await Promise.all(head.asked)
    return head.outcome
  }

  #answerWaiting(child: Running, desk: Desk): void {
    for (const { id, question } of child.waiting.splice(0)) this.#answer(child, id, question, desk)
  }

  /** Waits a little for any of the children, and for the event loop where an answer has to come by it. */
  async #turn(desk: Desk): Promise<void> {
    const { addon } = this.#offspring
    const live = this.#running.filter(({ outcome }) => outcome === null)
    const channel = channelDescriptor()
    const isAnswering = this.#running.some(({ asked, unsent }) => asked.size + unsent.length > 0)
    const began = now()
    const readable = addon.poll(
      [...live.map(({ result }) => result), ...(channel === null ? [] : [channel])],
      isAnswering ? ANSWER_MS : SLICE_MS,
    )
    const passed = Math.min(now() - began, SLICE_MS)
    live.forEach((child, index) => {
      if (readable.includes(index)) this.#read(child, desk)
      else this.#countSilence(child, passed)
      this.#send(child)
    })
    if (isAnswering || readable.includes(live.length)) await new Promise(resolve => setImmediate(resolve))
  }

  #read(child: Running, desk: Desk): void {
    const bytes = this.#offspring.addon.read(child.result)
    child.silentMs = 0
    if (bytes.length === 0) {
      this.#end(child, false)
      return
    }
    for (const note of child.reader.push(bytes) as Note[]) {
      if ('begun' in note) {
        child.key = note.begun
        child.deadlineMs = note.deadlineMs
      } else if (desk.isUrgent(note.question)) this.#answer(child, note.id, note.question, desk)
      else child.waiting.push(note)
    }
  }

  #countSilence(child: Running, ms: number): void {
    child.silentMs += ms
    if (child.deadlineMs > 0 && child.silentMs > child.deadlineMs) this.#end(child, true)
  }

  #end(child: Running, isTimedOut: boolean): void {
    const offspring = this.#offspring
    const { result } = child.reader
    if (isTimedOut) offspring.addon.kill(child.pid)
    if (result !== null) child.outcome = { kind: 'value', value: result.value }
    else if (isTimedOut) child.outcome = { kind: 'timeout', afterMs: child.deadlineMs }
    else child.outcome = offspring.awaitEnd(child.pid)
    if (result !== null) offspring.letGo(child.pid)
    else if (isTimedOut) offspring.giveUp(child.pid)
    this.#closePipes(child)
  }

  #answer(child: Running, id: number, question: unknown, desk: Desk): void {
    const answered = desk.answer(question).then(
      value => this.#order(child, { id, value }),
      (error: unknown) => this.#order(child, { id, error }),
    )
    child.asked.add(answered)
    void answered.then(() => child.asked.delete(answered))
  }

  #order(child: Running, order: Order): void {
    const body = serialize(order)
    const header = Buffer.alloc(ORDER_HEADER)
    header.writeBigUInt64LE(BigInt(body.length))
    child.unsent.push(Buffer.concat([header, body]))
    this.#send(child)
  }

  /** As much as the pipe takes. */
  #send(child: Running): void {
    while (child.outcome === null && child.unsent.length > 0) {
      const [first = Buffer.alloc(0)] = child.unsent
      let count = 0
      try {
        count = this.#offspring.addon.writeSome(child.orders, first)
      } catch {
        // It has just died: nobody needs the answers.
        child.unsent.length = 0
        return
      }
      if (count < first.length) {
        child.unsent[0] = first.subarray(count)
        return
      }
      child.unsent.shift()
    }
    if (child.outcome !== null) child.unsent.length = 0
  }

  #closePipes({ result, orders }: Running): void {
    this.#offspring.addon.close(result)
    this.#offspring.addon.close(orders)
  }
}

/** Of the pipe to the process that has started this one, if there is one. */
function channelDescriptor(): number | null {
  const { channel } = sharedState()
  const fd = channel?.fd ?? (process.channel as { fd?: number } | undefined)?.fd
  return fd === undefined || fd < 0 ? null : fd
}
