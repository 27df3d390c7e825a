import { types } from 'node:util'
import type { Cell } from '../cells.ts'
import { isNamespace } from '../excluded-modules.ts'
import { describeKind, writeKey } from '../find-path.ts'
import { describeOpaque, isTimer } from '../kinds/opaque.ts'
import { isWebObject } from '../kinds/web-objects.ts'
import type { Roots } from '../recording.ts'
import { isObject, ownKeys } from '../uncurried.ts'
import { type Change, compareEdges } from './compare-edges.ts'
import { describeChanges } from './describe-changes.ts'
import { type Edge, Entries } from './edge.ts'
import { readEdges } from './read-edges.ts'
import type { InsideOptions } from './read-inside.ts'
import { readOutside } from './read-outside.ts'

export interface AuditOptions extends InsideOptions {
  /** Objects that are not looked into. */
  boundary: ReadonlySet<object>
  isRunnerGlobal(key: PropertyKey): boolean
  edgesOf?(object: object): unknown
}

/** Where an object was found. */
interface Place {
  edges: readonly Edge[]
  from: object | null
  step: string
}

/** Objects that are read at once. */
const BATCH = 500

/**
 * The state of all that the roots lead to, as reflection and the inspector show it: a second reading, that has nothing in common with
 * the recording but where it begins. It finds what a restore has not brought back.
 */
export class Audit {
  readonly #options: AuditOptions
  readonly #cells = new Map<Cell, readonly Edge[]>()
  #globals: readonly Edge[]
  readonly #global: object
  readonly #places = new Map<object, Place>()
  readonly #queue: object[] = []
  readonly #open = new Set<object>()

  /** Reads now. */
  constructor({ cells, stores, first = [], global = globalThis }: Roots, options: AuditOptions) {
    this.#options = options
    this.#global = global
    for (const cell of cells) {
      const edges = readCell(cell)
      this.#cells.set(cell, edges)
      this.#reach(null, edges)
    }
    this.#globals = this.#readGlobals()
    this.#reach(null, this.#globals)
    for (const store of [...first, ...stores]) {
      store.visit(value => this.#reachOne(null, '', value))
    }
    while (this.#queue.length > 0) this.#readBatch(this.#queue.splice(0, BATCH))
  }

  /** What is not as it was, each as a clause with its access path. Each change is told once. */
  findChanges(): string[] {
    const found: Array<readonly [path: string, change: Change]> = []
    for (const [cell, edges] of this.#cells) {
      const now = readCell(cell)
      for (const change of compareEdges(edges, now)) found.push([change.step, change])
      this.#cells.set(cell, now)
    }
    const globals = this.#readGlobals()
    for (const change of compareEdges(this.#globals, globals)) found.push([change.step, change])
    this.#globals = globals
    const objects = [...this.#places.keys()]
    for (let i = 0; i < objects.length; i += BATCH) {
      const batch = objects.slice(i, i + BATCH)
      const read = this.#read(batch)
      for (const [n, object] of batch.entries()) {
        const place = this.#places.get(object)
        const edges = read[n] ?? []
        if (place === undefined) continue
        for (const change of compareEdges(place.edges, edges)) {
          found.push([this.#pathOf(object) + change.step, change])
        }
        place.edges = edges
      }
    }
    return describeChanges(found)
  }

  #readBatch(batch: readonly object[]): void {
    for (const [i, edges] of this.#read(batch).entries()) {
      const object = batch[i] as object
      const place = this.#places.get(object)
      if (place !== undefined) place.edges = edges
      this.#reach(object, edges)
    }
  }

  #read(objects: readonly object[]): Edge[][] {
    const { edgesOf } = this.#options
    const all = readEdges(objects, this.#options, this.#open)
    for (const [i, object] of objects.entries()) {
      const more = typeof object === 'function' ? edgesOf?.(object) : undefined
      if (more !== undefined) all[i]?.push([' (state)', more])
    }
    return all
  }

  #readGlobals(): Edge[] {
    const { isRunnerGlobal } = this.#options
    const ofRunner = new Set(ownKeys(this.#global).filter(isRunnerGlobal).map(writeKey))
    const edges = readOutside(this.#global).filter(([step]) => !ofRunner.has(step.split(' (')[0] ?? step))
    // The order of global variables is not kept.
    return edges
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([step, value]): Edge => [`globalThis${step}`, value])
  }

  #reach(from: object | null, edges: readonly Edge[]): void {
    for (const [step, value] of edges) {
      if (value instanceof Entries) {
        for (const each of value.values.values()) this.#reachOne(from, ' (entry)', each)
      } else this.#reachOne(from, step, value)
    }
  }

  #reachOne(from: object | null, step: string, value: unknown): void {
    if (!isObject(value) || this.#places.has(value) || this.#isLeaf(value)) return
    this.#places.set(value, { edges: [], from, step })
    this.#queue.push(value)
  }

  /** What is looked after in other ways, or is not the user's. */
  #isLeaf(object: object): boolean {
    if (this.#options.boundary.has(object)) return true
    if (types.isProxy(object) || typeof object === 'function') return false
    return isTimer(object) || isNamespace(object) || isWebObject(object) || describeOpaque(object) !== null
  }

  #pathOf(object: object): string {
    const steps: string[] = []
    for (let at: object | null = object; at !== null; ) {
      const place: Place | undefined = this.#places.get(at)
      steps.unshift(place?.step || describeKind(at))
      at = place?.from ?? null
    }
    return steps.join('')
  }
}

/** Empty for a scope that has a variable which is not initialized yet. */
function readCell({ label, names, read }: Cell): Edge[] {
  try {
    const values = read()
    return names.slice(0, values.length).map((name, i): Edge => [`${label} › ${name}`, values[i]])
  } catch {
    return []
  }
}
