import { writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Isolation, LeftProcess } from '../engine.ts'
import type { FileChanges } from '../file-changes.ts'
import type { Addon } from '../fork/addon.ts'
import type { CallLog } from '../system-calls/read-log.ts'
import { endProcesses } from './end-processes.ts'
import { type Layers, listChanges } from './list-changes.ts'
import { type IsolationPlan, isCovered } from './plan.ts'

/** As it was before user code. */
const write = writeSync

/** Exit code of a branch whose system calls are not watched any more. */
const NOT_WATCHED = 95

/** What this process has to itself. */
export class Isolated implements Isolation {
  readonly #addon: Addon
  readonly #plan: IsolationPlan
  readonly #layers: readonly Layers[]

  readonly calls: CallLog | null

  /** @param folders descriptors, as `Addon.isolate` gives them */
  constructor(
    addon: Addon,
    plan: IsolationPlan,
    [changes = -1, ...lowers]: readonly number[],
    calls: CallLog | null,
  ) {
    this.#addon = addon
    this.#plan = plan
    this.calls = calls
    const at = (fd: number): string => `/proc/self/fd/${fd}`
    this.#layers = plan.overlays.map((folder, index) => ({
      folder,
      lower: at(lowers[index] ?? -1),
      upper: join(at(changes), `upper${index}`),
    }))
  }

  covers(path: string): boolean {
    return isCovered(path, this.#plan)
  }

  get hasNetwork(): boolean {
    return this.#plan.network
  }

  listChanges(): FileChanges {
    return listChanges(this.#layers)
  }

  endProcesses(): LeftProcess[] {
    return endProcesses(this.#addon, false, [])
  }

  end(): void {
    this.endProcesses()
    if (this.calls === null || this.#addon.isWatched()) return
    write(2, 'forkpoint: the thread that watches system calls has ended\n')
    this.#addon.exit(NOT_WATCHED)
  }
}
