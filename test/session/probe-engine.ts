import type {
  BesideOptions,
  Branch,
  BranchOptions,
  Engine,
  Obstacle,
  Outcome,
  Refusal,
} from '../../src/engine.ts'

/** What a branch for a test that returned sends, seen from outside. */
export function parcelOf(value: unknown, bodyMs = 1): Outcome {
  return {
    kind: 'value',
    value: { value, bodyMs, records: [], findings: [], undone: 0, discarded: [], rulesUsed: [] },
  }
}

/**
 * A probe of what a session asks of its engine: it keeps the calls, and answers each branch from outside with the next of
 * the outcomes it was given, or from inside. Rolls nothing back.
 */
export class ProbeEngine implements Engine {
  readonly name = 'fork'
  readonly calls: string[] = []
  readonly notedMs: number[] = []
  /** What `finish` was called with. */
  readonly finished: unknown[] = []
  refusal: Refusal | null = null
  obstacles: Obstacle[] = []
  branchMs = 5
  isInside = false
  readonly #outcomes: Outcome[]

  constructor(outcomes: Outcome[] = []) {
    this.#outcomes = outcomes
  }

  refuse(): Refusal | null {
    this.calls.push('refuse')
    return this.refusal
  }

  async quiesce(): Promise<Obstacle[]> {
    this.calls.push('quiesce')
    return this.obstacles
  }

  branch({ deadlineMs }: BranchOptions): Branch {
    this.calls.push(`branch ${deadlineMs}`)
    if (this.isInside) {
      const finish = async (value: unknown): Promise<never> => {
        this.finished.push(value)
        return undefined as never
      }
      return { side: 'inside', finish }
    }
    return { side: 'outside', outcome: this.#outcomes.shift() ?? parcelOf('done'), ms: 6 }
  }

  async branchBeside(options: BesideOptions): Promise<Branch> {
    this.calls.push(`beside ${options.atOnce}`)
    return this.branch(options)
  }

  isolate(): object {
    return {}
  }

  tell(): void {}

  shared: Obstacle | null = null

  findShared(): Obstacle | null {
    return this.shared
  }

  readonly isAhead = false
  readonly isStill = false

  endIfAhead(): void {}

  rest(): void {}

  tidy(): void {}

  estimateMs(): number {
    return this.branchMs
  }

  noteRestore(ms: number): void {
    this.notedMs.push(ms)
  }
}
