import { Level } from '../../src/session/level.ts'
import type { Step, Teardown } from '../../src/session/step.ts'

/** What happened to the steps of a suite, in order, as a reader would tell it. */
export class Journal {
  readonly entries: string[] = []

  /** The entries since the last call. */
  take(): string[] {
    return this.entries.splice(0)
  }

  step(name: string, kind: Step['kind'] = 'setup'): Step {
    return {
      kind,
      run: async () => {
        this.entries.push(name)
        return () => this.entries.push(`${name} torn down`)
      },
      toTeardown: returned => returned as Teardown,
    }
  }

  failingStep(name: string, error: Error, kind: Step['kind'] = 'setup'): Step {
    return {
      kind,
      run: () => {
        this.entries.push(`${name} fails`)
        throw error
      },
      toTeardown: () => undefined,
    }
  }
}

export function levelOf(steps: Step[], tests: number, suite = '', parent: Level | null = null): Level {
  return new Level({ file: 'a.test.ts', suite, parent, steps, tests })
}
