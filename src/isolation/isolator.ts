import { writeSync } from 'node:fs'
import type { IsolationOptions, Obstacle } from '../engine.ts'
import type { Addon, FailedStep } from '../fork/addon.ts'
import { describeRefusal, describeStep } from './describe-refusal.ts'
import { Isolated } from './isolated.ts'
import { listSockets } from './list-sockets.ts'
import { type IsolationPlan, isWithin, planFolders, planWholeDisk } from './plan.ts'

/** Exit code of a branch that could not be given what it was to have. */
const NOT_ISOLATED = 96

/** Gives branches parts of the system to themselves, in the way that works here. */
export class Isolator {
  readonly #addon: Addon
  readonly #plan: IsolationPlan

  private constructor(addon: Addon, plan: IsolationPlan) {
    this.#addon = addon
    this.#plan = plan
  }

  /** Tries out what works, with the privileges of the system first. */
  static prepare(addon: Addon, options: IsolationOptions): Isolator | Obstacle {
    let failed: FailedStep | undefined
    for (const makePlan of [planWholeDisk, planFolders]) {
      const plan = makePlan(options)
      failed = addon.tryIsolation(plan.asUser, plan.network, plan.at, plan.overlays, plan.binds)
      if (failed === undefined) return new Isolator(addon, plan)
    }
    const option = options.files ? "fs: 'overlay'" : "network: 'loopback'"
    return describeRefusal(failed ?? ['unshare', 'ENOSYS', ''], option)
  }

  /** In a branch that has run nothing yet. What has worked when it was tried out and fails now ends the process. */
  enter(): Isolated {
    const { asUser, network, at, overlays, binds } = this.#plan
    // Those that the setup has opened among them.
    const sockets = listSockets().filter(path => isWithin(path, overlays) && !isWithin(path, binds))
    const all = overlays.length > 0 ? [...binds, ...sockets] : binds
    const entered = this.#addon.isolate(asUser, network, at, overlays, all)
    if (!isFailed(entered)) return new Isolated({ ...this.#plan, binds: all }, entered)
    writeSync(2, `forkpoint: ${describeStep(entered)}\n`)
    return this.#addon.exit(NOT_ISOLATED)
  }
}

function isFailed(entered: number[] | FailedStep): entered is FailedStep {
  return typeof entered[0] === 'string'
}
