import type { Cells } from '../cells.ts'
import type { RootStore } from '../recording.ts'
import type { Report } from '../unrestorable.ts'
import type { ModuleRegistry, RecordedModules } from './module-registry.ts'

/** Which modules are loaded: one that a test was the first to load is loaded afresh by the next. */
export class ModuleState implements RootStore {
  readonly #cells: Cells
  readonly #recorded: RecordedModules
  readonly #known: ReadonlySet<string>

  constructor(cells: Cells, registry: ModuleRegistry) {
    this.#cells = cells
    this.#recorded = registry.record()
    this.#known = new Set(cells.moduleLabels())
  }

  visit(visit: (value: unknown) => void): void {
    this.#recorded.visit(visit)
  }

  restore(report: Report): number {
    const isForgotten = this.#recorded.restore()
    let repairs = 0
    for (const label of this.#cells.moduleLabels()) {
      if (this.#known.has(label)) continue
      repairs++
      if (isForgotten(label)) this.#cells.forgetModule(label)
      else report(this, 'it was first loaded after the checkpoint, and Node keeps it loaded', label)
    }
    return repairs
  }
}
