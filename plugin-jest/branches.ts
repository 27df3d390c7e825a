import type { Entry, Level } from 'forkpoint/adapter'
import type { ActiveFile } from './active-file.ts'
import { type Block, blocksOf, type CircusState, isToRun, type Test, testsBelow } from './circus.ts'
import { Inside } from './inside.ts'
import { Outside } from './outside.ts'
import { WorkerChannel } from './worker-channel.ts'

/** The branches of one file: what has begun in this process, and both sides of each. */
export class Branches {
  readonly outside: Outside
  readonly #global: typeof globalThis
  readonly #state: CircusState
  readonly #file: ActiveFile
  readonly #channel: WorkerChannel = WorkerChannel.get()
  /** Tests and blocks that circus has come to, in this process or in those it branched from. */
  readonly #begun = new Set<Test | Block>()
  #inside: Inside | null = null

  /** @param global of the context that tests run in */
  constructor(global: typeof globalThis, state: CircusState, file: ActiveFile) {
    this.#global = global
    this.#state = state
    this.#file = file
    this.outside = new Outside(global, state, file.lists)
    this.#channel.isAhead = () => file.engine.isAhead
  }

  /** Set when this process is a branch. */
  get inside(): Inside | null {
    return this.#inside
  }

  /** False: circus has come to it before. */
  noteBegun(at: Test | Block): boolean {
    const isFirst = !this.#begun.has(at)
    this.#begun.add(at)
    return isFirst
  }

  /** They are run once more. */
  forget(all: Iterable<Test | Block>): void {
    for (const at of all) this.#begun.delete(at)
  }

  /** What Jest's main process has heard of the test from somebody else is not said again. */
  muteIfTold(test: Test | null): void {
    this.#channel.isMuted = test !== null && this.#isTold(test)
  }

  #isTold(test: Test): boolean {
    const isForeign = this.#inside?.at.type === 'describeBlock' && !this.#inside.owns(test)
    return isForeign || this.outside.isTold(test)
  }

  /**
   * How many tests of its suite circus comes to after `test`, with nothing in between; `most` at most. Tests of one name
   * count their snapshots together: the second one has to wait for the first.
   */
  countFollowing(test: Test, most: number): number {
    const { children } = test.parent
    const names = new Set([test.name])
    let count = 0
    for (const next of children.slice(children.indexOf(test) + 1)) {
      if (count >= most || next.type === 'describeBlock' || next.concurrent) break
      if (!isToRun(next, this.#state)) continue
      if (most > 1 && names.has(next.name)) break
      names.add(next.name)
      count++
    }
    return count
  }

  /** This process is now the branch for `at`. @param own the tests that are run for it */
  goInside(at: Test | Block, entry: Entry & { side: 'inside' }, own: readonly Test[]): void {
    this.#channel.leave(at.type === 'describeBlock')
    this.#file.steps.attempt = null
    // The context's `process` is a copy.
    for (const key of ['pid', 'reallyExit']) {
      const descriptor = Object.getOwnPropertyDescriptor(process, key)
      if (descriptor !== undefined) Object.defineProperty(this.#global.process, key, descriptor)
    }
    this.#inside = new Inside(at, entry, own, this.#file.lists)
  }

  /** The rest of a level's suite, from `first` on, runs in a branch. True: this process is the branch. */
  placeRest(level: Level, first: Test | Block, entry: Entry): boolean {
    const suite = this.#file.plan.levels.get(level)
    if (suite === undefined) throw new TypeError('a level without a suite')
    const isLeft = (at: Test | Block): boolean => at === first || !this.#begun.has(at)
    const tests = [...testsBelow(suite)].filter(
      test => test === first || (isLeft(test) && isLeftWith(test.parent, suite, isLeft)),
    )
    if (entry.side === 'inside') {
      this.goInside(suite, entry, tests)
      if (first.type === 'test') this.#channel.isMuted = false
      return true
    }
    const blocks = [...blocksOf(suite)].filter(
      block => block !== suite && block.parent === suite && isLeft(block),
    )
    this.outside.settleRest(first, blocks, tests, entry.outcome)
    if (first.type === 'test') this.#channel.isMuted = true
    return false
  }

  /** The file has ended. */
  end(): void {
    this.#channel.isAhead = () => false
    this.#channel.isMuted = false
  }
}

/** Whether no block from the suite down to this one has begun. */
function isLeftWith(block: Block, suite: Block, isLeft: (block: Block) => boolean): boolean {
  if (block === suite) return true
  return isLeft(block) && block.parent !== undefined && isLeftWith(block.parent, suite, isLeft)
}
