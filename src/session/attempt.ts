import { now } from '../intrinsics.ts'
import { ownProfile } from '../profile/profile.ts'
import type { DiskBase } from './disk-base.ts'
import type { Level } from './level.ts'
import { runStep, type Step, type StepResult, type Teardown } from './step.ts'

interface AttemptParts {
  onBody?: (ms: number) => void
  disk?: DiskBase
}

/**
 * One try of a test in this process. On the plain way it runs the steps of the test's level anew, or takes over those
 * that were prepared and not used; in a branch, or in a state that was put back, they are done.
 */
export class Attempt {
  readonly level: Level
  readonly isBranch: boolean
  readonly #results = new Map<Step, StepResult>()
  /** A step has run before the try's own hooks: what the runner does before them has been done, and must not be again. */
  isBuilt: boolean
  readonly #start = now()
  readonly #onBody: ((ms: number) => void) | undefined
  readonly #disk: DiskBase | undefined
  #tookOver = 0
  /** The steps run in this try, though the state was built before it. */
  #isRebuilt = false
  /** Steps that have run again within this try. */
  #rebuiltMs = 0

  /**
   * @param onBody in a state that was built before the test: told how long the try took
   * @param disk in a state that is built for the try: what its files are taken back by
   */
  constructor(level: Level, isBranch: boolean, { onBody, disk }: AttemptParts = {}) {
    this.level = level
    this.isBranch = isBranch
    this.#onBody = onBody
    this.#disk = disk
    this.isBuilt = isBranch ? level.chainSteps.length > 0 : level.isPrepared
  }

  /** Runs the setups of all levels, before any hook of the test. `before` is called once if anything has to run. */
  async runSetups(before: () => void): Promise<void> {
    if (!this.isBranch) {
      this.#disk?.startTry()
      await this.#runSetups(before)
    }
    ownProfile()?.enter('test')
  }

  /** Within the try: runs all steps once more, each of another kind than a setup at its own place. */
  async rebuild(): Promise<void> {
    this.#isRebuilt = true
    for (const { ms } of this.#results.values()) this.#rebuiltMs += ms
    this.#results.clear()
    this.#disk?.startAgain()
    await this.#runSetups(() => {})
  }

  async #runSetups(before: () => void): Promise<void> {
    for (const step of this.level.chainSteps) {
      if (step.kind !== 'setup') continue
      if (!this.isBuilt) before()
      this.isBuilt = true
      if ('error' in (await this.#resultOf(step))) return
    }
  }

  /** At the step's own place in the test: throws its error, or gives its teardown to the runner. */
  async deliver(step: Step): Promise<Teardown | undefined> {
    if (this.isBranch && !this.#isRebuilt) return this.#deliverInBranch(step)
    const result = await this.#resultOf(step)
    if ('error' in result) throw result.error
    return result.teardown
  }

  /** A hook's cleanup runs after each test, as it would have; a setup's teardown runs as often as the setup. */
  #deliverInBranch(step: Step): Teardown | undefined {
    const result = step.kind === 'hoisted' ? this.level.peek(step) : null
    return result !== null && 'teardown' in result ? result.teardown : undefined
  }

  /** The try is over: the state is used up. Adds what was measured to the level's figures. */
  end(): void {
    ownProfile()?.enter(null)
    if (this.isBranch) {
      this.#onBody?.(now() - this.#start)
      return
    }
    let setupMs = 0
    let ownMs = 0
    for (const result of this.#results.values()) setupMs += result.ms
    if (this.#tookOver === 0) ownMs = setupMs
    const { figures, chainSteps } = this.level
    const hasFailed = [...this.#results.values()].some(result => 'error' in result)
    if (hasFailed) this.level.failedTries++
    const bodyMs = hasFailed ? 0 : Math.max(0, now() - this.#start - ownMs - this.#rebuiltMs)
    const isWhole = this.#tookOver === 0 && this.#results.size === chainSteps.length
    if (isWhole) figures.note('setup', setupMs, bodyMs)
    if (!hasFailed) figures.note('plain', bodyMs)
    this.level.reset()
    this.#disk?.endTry()
  }

  async #resultOf(step: Step): Promise<StepResult> {
    const known = this.#results.get(step)
    if (known !== undefined) return known
    const prepared = this.level.adopt(step)
    if (prepared !== null) this.#tookOver++
    const result = prepared ?? (await runStep(step))
    this.#results.set(step, result)
    return result
  }
}
