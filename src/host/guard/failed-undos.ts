import type { Finding, TestPlace } from '../../finding.ts'

/** What tests have done outside and is not undone: tests that follow can't rely on the state. */
export class FailedUndos {
  /** The test that is under way, or has ended last. */
  place: (TestPlace & { file: string }) | null = null
  readonly #findings: Finding[] = []
  #problem: string | null = null

  add(what: Pick<Finding, 'detail'> & Partial<Finding>): void {
    this.#findings.push({ kind: 'unrestorable', nature: 'unsafe', ...what, ...this.place, count: 1 })
    this.#problem ??= what.detail.replace(/\.$/, '')
  }

  /** An undo has thrown. @param which completes "… has failed" */
  addError(which: string, error: unknown, more: Partial<Finding> = {}): void {
    const why = error instanceof Error ? error.message : String(error)
    this.add({ ...more, detail: `${which} has failed: ${why}.` })
  }

  takeFindings(): Finding[] {
    return this.#findings.splice(0)
  }

  /** @returns why what was done since the last time is not undone, as a clause */
  takeProblem(): string | null {
    const problem = this.#problem
    this.#problem = null
    return problem
  }
}
