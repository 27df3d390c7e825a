import type { Cell } from '../../src/heap/cells.ts'
import { sharedState } from '../../src/state.ts'
import { exposeState } from '../../src/transform/index.ts'

// Transformed code registers with the state that exists when its module first runs.
sharedState()

let count = 0
const newLabel = (): string => `test ${++count}`

/** Code as forkpoint would have it run, and the label of what it registers. */
export function expose(source: string, sourceType: 'module' | 'commonjs'): { code: string; label: string } {
  const label = newLabel()
  return { code: exposeState(source, { id: 'source.js', label, sourceType })?.code ?? source, label }
}

/** Runs sloppy code, which may `return`. */
export function runScript(code: string): unknown {
  return new Function(code)()
}

export async function importSource(code: string): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}//${++count}`)
}

export function cellsOf(label: string): Cell[] {
  return sharedState()
    .cells.list()
    .filter(cell => cell.label === label || cell.label.startsWith(`${label} › `))
}

/** The cells of a module as `place: names`. To be asked in the same turn: what nothing holds on to may be gone in the next. */
export function describeCells(label: string): string[] {
  const describe = (cell: { label: string; names: readonly string[] }): string =>
    `${cell.label.slice(label.length + 3)}: ${cell.names.join(' ')}`
  return cellsOf(label).map(describe)
}
