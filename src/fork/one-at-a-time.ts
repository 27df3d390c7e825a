import type { Branch, BranchOptions } from '../engine.ts'
import { now } from '../intrinsics.ts'
import { decodeResult, writeBeat } from './channel.ts'
import type { Child, ChildSelf, Offspring } from './offspring.ts'
import { decodeTold, Spare } from './spare.ts'

/**
 * A spare that waits for so long has time to get its pages ready. Measured: 100 tests with bodies of next to nothing take
 * 7 ms each without, 9 ms with that; bodies of 5 ms and more lose half of their page faults.
 */
const TOUCH_FROM_MS = 10

/**
 * Branches one after the other. While a child runs, its parent forks the next one ahead. That spare has the memory of a parent
 * whose child is running; once told how the child ended, it goes the same way as the parent, to the next branch, and there
 * becomes it. On its way it must do nothing that can be seen from elsewhere (`isAhead`), and it ends as soon as the way
 * turns out to be another one.
 */
export class OneAtATime {
  readonly #offspring: Offspring
  #spare: Spare | null = null
  /** How long the last branch took. */
  #lastMs = 0
  /** Set while this process is a spare. */
  #ahead: ChildSelf | null = null

  constructor(offspring: Offspring) {
    this.#offspring = offspring
  }

  get isAhead(): boolean {
    return this.#ahead !== null
  }

  endIfAhead(): void {
    if (this.#ahead !== null) this.#offspring.exitUnused()
  }

  endSpare(): void {
    if (this.#spare !== null) this.#offspring.end(this.#spare.pid)
    this.#spare?.close()
    this.#spare = null
  }

  branch(options: BranchOptions): Branch {
    if (this.#ahead !== null) return this.#enterAhead(this.#ahead, options.key)
    const start = now()
    this.#offspring.reap(0)
    const spare = this.#spare
    this.#spare = null
    spare?.start(options.key)
    return (spare && this.#await(spare, options, start)) ?? this.#branchAfresh(options, start)
  }

  #branchAfresh(options: BranchOptions, start: number): Branch {
    const forked = this.#offspring.fork([], [])
    if (forked.side === 'child') {
      this.#offspring.addon.close(forked.self.orders)
      return { side: 'inside', finish: forked.self.finish }
    }
    const { child } = forked
    this.#offspring.addon.close(child.orders)
    const branch = this.#await(child, options, start)
    return (
      branch ?? {
        side: 'outside',
        outcome: this.#offspring.awaitEnd(child.pid),
        ms: now() - start,
        pid: child.pid,
      }
    )
  }

  /**
   * The child's outcome; null when it ended without having begun, or written anything. While the child runs, the next one is
   * forked: in that one this returns too, once it has been told.
   */
  #await(child: Omit<Child, 'orders'>, options: BranchOptions, start: number): Branch | null {
    const offspring = this.#offspring
    const { deadlineMs, followed } = options
    if (followed > 0) {
      const forked = offspring.fork([], [child.result])
      if (forked.side === 'child') return this.#waitAhead(forked.self)
      this.endSpare()
      this.#spare = new Spare(offspring.addon, forked.child)
    }
    const [timedOut, written] = offspring.addon.collect(child.pid, child.result, deadlineMs)
    const ms = now() - start
    this.#lastMs = ms
    const decoded = decodeResult(written)
    if (decoded !== null) {
      offspring.letGo(child.pid)
      if (this.#spare?.tell(written, ms) === false) this.endSpare()
      return { side: 'outside', outcome: { kind: 'value', value: decoded.value }, ms }
    }
    this.endSpare()
    if (timedOut) {
      offspring.giveUp(child.pid)
      return { side: 'outside', outcome: { kind: 'timeout', afterMs: deadlineMs }, ms, pid: child.pid }
    }
    return written.length > 0
      ? { side: 'outside', outcome: offspring.awaitEnd(child.pid), ms, pid: child.pid }
      : null
  }

  /** In a spare, from its birth to the next branch: see the class. */
  #waitAhead(self: ChildSelf): Branch {
    const { addon } = this.#offspring
    this.#spare = null
    this.#ahead = self
    addon.guardLoop(true)
    if (this.#lastMs > TOUCH_FROM_MS) addon.touchNoted(self.orders)
    const told = addon.receive(self.orders)
    const { written, ms } = told === undefined ? this.#offspring.exitUnused() : decodeTold(told)
    const decoded = decodeResult(written)
    if (decoded === null) return this.#offspring.exitUnused()
    return { side: 'outside', outcome: { kind: 'value', value: decoded.value }, ms }
  }

  #enterAhead({ result, orders, finish }: ChildSelf, key: string): Branch {
    const { addon } = this.#offspring
    if (addon.receive(orders)?.toString() !== key) this.#offspring.exitUnused()
    addon.close(orders)
    addon.guardLoop(false)
    this.#ahead = null
    // From here on its end is the test's.
    writeBeat(result)
    return { side: 'inside', finish }
  }
}
