import { framesOf } from '../../call-site.ts'
import type { Isolation } from '../../engine.ts'
import { fileOfFunction } from './file-of-function.ts'
import type { HostGuard } from './host-guard.ts'
import type { Leak } from './leak.ts'
import { leaksOf } from './left-processes.ts'

/** What tests leave running when they end, and the runner does not. */
export class LeftRunning {
  readonly #guard: HostGuard
  /** Of the test that has ended last, in this process. */
  #left: Leak[] = []
  /** Processes that tests have started and are known for, or that somebody has said are no matter. */
  readonly processes: Set<number> = new Set<number>()

  constructor(guard: HostGuard) {
    this.#guard = guard
  }

  /**
   * What the test that has just ended has left, of which what outlives the process is ended. Without what a rule says is no matter.
   *
   * @param isRolledBack else only what outlives the process counts
   * @param isolation of what is the process's own, with all that it has started: that is ended too
   */
  async take(isRolledBack: boolean, isolation: Isolation | null): Promise<Leak[]> {
    const left = await this.#guard.handles.takeLeaks(isRolledBack)
    const leaks = left.filter(leak => isRolledBack || leak.outlives)
    // Of what was let go nothing is said: whose it is matters when it is closed, if ever.
    const own = leaks.filter(leak => leak.isLetGo || !this.#isOfRunner(leak))
    const processes = isolation?.endProcesses() ?? []
    for (const leak of own) if (leak.outlives && !leak.isLetGo) leak.close()
    this.#left = own.filter(({ outlives }) => !outlives)
    const unseen = leaksOf(processes, this.processes, this.#guard.rules)
    return [...own.filter(leak => !this.#isAllowed(leak)), ...unseen]
  }

  /** Newest first. What can't be closed is a failed undo. */
  close(): void {
    for (const leak of this.#left.splice(0).reverse()) {
      if (leak.isLetGo && this.#isOfRunner(leak)) continue
      try {
        leak.close()
      } catch (error) {
        const { what, effect, call, resource } = leak
        this.#guard.failedUndos.addError(`To put ${what} back`, error, { effect, call, resource })
      }
    }
  }

  /** The run, or its runner, has started it: by the line that has, or by what it runs. */
  #isOfRunner({ stack, code }: Leak): boolean {
    const [caller] = stack === null ? [] : framesOf(stack)
    const file = caller?.file ?? (code === undefined ? '' : fileOfFunction(code))
    return file !== '' && this.#guard.isFileOfRunner(file)
  }

  #isAllowed({ call, effect, resource, stack }: Leak): boolean {
    const { rules } = this.#guard
    if (rules.isEmpty) return false
    const frames = stack === null ? [] : framesOf(stack)
    const rule = rules.find({ call, effect, nature: 'compensable', resource }, frames)
    return rule !== null && rule.nature !== 'unsafe'
  }
}
