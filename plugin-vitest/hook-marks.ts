import type { Hook } from './internals.ts'

/** What is known of a registered `beforeEach` hook: a setup of forkpoint's, or what the transform read from the source. */
export type HookMark = { kind: 'setup' } | { kind: 'hoistable' } | { kind: 'blocked'; why: string }

/** Marks of the hooks registered in this process. */
export class HookMarks {
  readonly #marks = new WeakMap<Hook, HookMark>()
  /** Whether any hook was marked. */
  isEmpty = true

  set(hook: Hook, mark: HookMark): void {
    this.isEmpty = false
    this.#marks.set(hook, mark)
  }

  get(hook: Hook): HookMark | undefined {
    return this.#marks.get(hook)
  }
}
