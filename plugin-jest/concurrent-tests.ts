import { type Block, type Test, testsBelow, type UserFunction } from './circus.ts'

/**
 * Tests that Jest runs at the same time: those of a block together, where the first of them stands (since 30.4), or all of the
 * file from its start on. None of them is rolled back, as none has hooks; while they are under way, no other test can be.
 */
export class ConcurrentTests {
  readonly #unfinished = new Set<Test>()
  readonly #onMove: () => void
  #hasBegun = false

  /** @param onMove user code of theirs is about to run, or has ended: what was built in this process is used up */
  constructor(root: Block, onMove: () => void) {
    this.#onMove = onMove
    for (const test of testsBelow(root)) {
      if (!test.concurrent) continue
      this.#unfinished.add(test)
      const { fn } = test
      // circus recognises it by its class.
      if (Object.prototype.toString.call(fn) === '[object GeneratorFunction]') continue
      test.fn = Object.defineProperty((...args: unknown[]) => this.#run(test, fn, args), 'length', {
        value: fn.length,
      })
    }
  }

  #run(test: Test, fn: UserFunction, args: unknown[]): unknown {
    this.#hasBegun = true
    this.#onMove()
    const end = (): void => {
      this.#unfinished.delete(test)
      this.#onMove()
    }
    let isPending = false
    try {
      const returned = fn.apply({}, args)
      if (typeof (returned as PromiseLike<unknown> | undefined)?.then === 'function') {
        isPending = true
        ;(returned as PromiseLike<unknown>).then(end, end)
      }
      return returned
    } finally {
      if (!isPending) end()
    }
  }

  get areUnderWay(): boolean {
    return this.#hasBegun && this.#unfinished.size > 0
  }

  /** Those of one block have ended, and the others have not begun. */
  noteEnded(): void {
    this.#hasBegun = false
  }
}
