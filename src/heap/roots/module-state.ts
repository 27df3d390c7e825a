import type { Cell, Cells } from '../cells.ts'
import type { RootStore } from '../recording.ts'
import type { Report } from '../unrestorable.ts'
import type { ModuleRegistry, RecordedModules } from './module-registry.ts'

/** Which modules are loaded: one that a test was the first to load is loaded afresh by the next. */
export class ModuleState implements RootStore {
  readonly #cells: Cells
  readonly #recorded: RecordedModules
  readonly #known: ReadonlySet<Cell>
  readonly #labels: ReadonlySet<string>

  constructor(cells: Cells, registry: ModuleRegistry) {
    this.#cells = cells
    this.#recorded = registry.record()
    const loaded = cells.modules()
    this.#known = new Set(loaded)
    this.#labels = new Set(loaded.map(({ label }) => label))
  }

  visit(visit: (value: unknown) => void): void {
    this.#recorded.visit(visit)
  }

  restore(report: Report): number {
    const isForgotten = this.#recorded.restore()
    let repairs = 0
    for (const cell of this.#cells.modules()) {
      if (this.#known.has(cell)) continue
      const { label } = cell
      repairs++
      // In the place of a copy there is again the one that was loaded before.
      if (this.#labels.has(label) || isForgotten(label)) this.#cells.forgetModule(cell)
      else report(this, 'it was first loaded after the checkpoint, and Node keeps it loaded', label)
    }
    return repairs
  }
}
