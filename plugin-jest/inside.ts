import type { Entry } from 'forkpoint/adapter'
import type { CarriedPart } from './carried.ts'
import type { Block, Test } from './circus.ts'
import { packTest, type TestResult } from './test-result.ts'
import { WorkerChannel } from './worker-channel.ts'

/** What a branch says when it ends: of its tests by their place among all of the file, and of each part. */
export interface Shipment {
  results: Array<[test: number, result: TestResult]>
  changes: unknown[]
  /** For Jest's main process. */
  messages: unknown[]
}

/** What both sides of a branch have in the same order. */
export interface SharedLists {
  tests: readonly Test[]
  /** Errors by which circus knows where tests and hooks were registered. */
  errors: readonly Error[]
  /** The same, by the error. */
  places: ReadonlyMap<unknown, number>
  parts: readonly CarriedPart<unknown>[]
  /** The place of the snapshots among the parts. */
  snapshotsAt: number
}

const NEVER: Promise<never> = new Promise(() => {})

/** This process is a branch, run for a test, a suite, or the rest of one: it ends when that has ended. */
export class Inside {
  readonly of: Entry['of']
  readonly at: Test | Block
  readonly #finish: (value: unknown) => Promise<never>
  readonly #lists: SharedLists
  readonly #own: ReadonlyMap<Test, { errors: number; retryReasons: number }>
  readonly #changes: Array<() => unknown>
  #isEnding = false

  /** @param own the tests that are run for this branch */
  constructor(
    at: Test | Block,
    { of, finish }: Entry & { side: 'inside' },
    own: readonly Test[],
    lists: SharedLists,
  ) {
    this.of = of
    this.at = at
    this.#finish = finish
    this.#lists = lists
    this.#own = new Map(
      own.map(test => [test, { errors: test.errors.length, retryReasons: test.retryReasons.length }]),
    )
    for (const part of lists.parts) part.begin?.()
    this.#changes = lists.parts.map(part => part.watch())
  }

  owns(test: Test): boolean {
    return this.#own.has(test)
  }

  /** Ends the branch: circus waits for ever. */
  async end(): Promise<never> {
    if (this.#isEnding) return NEVER
    this.#isEnding = true
    const { tests, places } = this.#lists
    const pack = (): Shipment => ({
      results: [...this.#own].map(([test, before]) => [tests.indexOf(test), packTest(test, places, before)]),
      changes: this.#changes.map(take => take()),
      messages: WorkerChannel.get().takeKept(),
    })
    // Read when it is sent: until then an error may come that nobody has caught.
    return this.#finish({
      get shipment() {
        return pack()
      },
    })
  }
}
