import { writeSync } from 'node:fs'
import type { IsolationOptions, IsolationRefusals, LeftProcess, Obstacle } from '../engine.ts'
import type { Addon, FailedStep } from '../fork/addon.ts'
import { CallLog } from '../system-calls/read-log.ts'
import { describeRefusal, describeStep } from './describe-refusal.ts'
import { endProcesses } from './end-processes.ts'
import { Isolated } from './isolated.ts'
import { listSockets } from './list-sockets.ts'
import { type IsolationPlan, isCovered, isWithin, planFolders, planWholeDisk } from './plan.ts'

/** As it was before user code. */
const write = writeSync

/** Exit code of a branch that could not be given what it was to have. */
const NOT_ISOLATED = 96

const NOTHING: IsolationPlan = { asUser: false, network: false, at: '', overlays: [], binds: [] }

/** Gives branches parts of the system to themselves, in the way that works here. */
export class Isolator {
  readonly refusals: IsolationRefusals
  readonly #addon: Addon
  readonly #plan: IsolationPlan | null
  readonly watchesCalls: boolean

  /** Tries out what works. */
  constructor(addon: Addon, options: IsolationOptions) {
    const { files, network, calls } = options
    const plan = files || network ? findPlan(addon, options) : null
    const refused = calls ? addon.refuseToWatch() : undefined
    this.#addon = addon
    this.#plan = plan !== null && 'why' in plan ? null : plan
    this.watchesCalls = calls && refused === undefined
    this.refusals = {
      ...(plan !== null && 'why' in plan && { [files ? 'files' : 'network']: plan }),
      ...(refused !== undefined && { calls: describeRefusal(['seccomp', refused, ''], 'syscalls: true') }),
    }
  }

  /** There is something to be given. */
  get isOn(): boolean {
    return this.#plan !== null || this.watchesCalls
  }

  /** Before a branch: what it leaves behind if it crashes comes to this process. */
  expect(): void {
    this.#addon.adoptOrphans()
  }

  /** Ends what branches that have crashed have left behind. @param kept children of this process that are no such thing */
  endLeft(kept: readonly number[]): LeftProcess[] {
    return endProcesses(this.#addon, true, kept)
  }

  /** Whether what a branch does to the file is gone with it. */
  covers(path: string): boolean {
    return this.#plan !== null && isCovered(path, this.#plan)
  }

  /** In a branch that has run nothing yet. What has worked when it was tried out and fails now ends the process. @param log shared with its parent */
  enter(log: ArrayBuffer | null): Isolated {
    this.#addon.adoptOrphans()
    const plan = this.#plan === null ? NOTHING : { ...this.#plan, binds: this.#findBinds(this.#plan) }
    const entered = this.#plan === null ? [] : this.#isolate(plan)
    return new Isolated(
      this.#addon,
      plan,
      entered,
      this.watchesCalls ? this.#watchCalls(log ?? this.#addon.openCallLog()) : null,
    )
  }

  /** With the sockets that the setup has opened. */
  #findBinds({ overlays, binds }: IsolationPlan): readonly string[] {
    if (overlays.length === 0) return binds
    return [...binds, ...listSockets().filter(path => isWithin(path, overlays) && !isWithin(path, binds))]
  }

  #isolate({ asUser, network, at, overlays, binds }: IsolationPlan): number[] {
    const entered = this.#addon.isolate(asUser, network, at, overlays, binds)
    return isFailed(entered) ? this.#end(describeStep(entered)) : entered
  }

  #watchCalls(memory: ArrayBuffer): CallLog {
    try {
      this.#addon.watchCalls(memory)
      return new CallLog(memory)
    } catch (error) {
      return this.#end(error instanceof Error ? error.message : String(error))
    }
  }

  #end(words: string): never {
    write(2, `forkpoint: ${words}\n`)
    return this.#addon.exit(NOT_ISOLATED)
  }
}

/** With the privileges of the system, or without. */
function findPlan(addon: Addon, options: IsolationOptions): IsolationPlan | Obstacle {
  let failed: FailedStep = ['unshare', 'ENOSYS', '']
  for (const makePlan of [planWholeDisk, planFolders]) {
    const plan = makePlan(options)
    const refused = addon.tryIsolation(plan.asUser, plan.network, plan.at, plan.overlays, plan.binds)
    if (refused === undefined) return plan
    failed = refused
  }
  return describeRefusal(failed, options.files ? "fs: 'overlay'" : "network: 'loopback'")
}

function isFailed(entered: number[] | FailedStep): entered is FailedStep {
  return typeof entered[0] === 'string'
}
