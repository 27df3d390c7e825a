/** How the heap engine says that it can't put something back. */
export interface KindRefusal {
  /** Already when the checkpoint is taken, or once a run has changed it. */
  readonly to: 'take' | 'run'
  /** How one gets there. */
  readonly path: string
  readonly why: string
}

export interface Kind {
  /** For people: what it is. */
  readonly state: string
  /** What a test does to it. */
  readonly change: string
  /** Builds it. What it returns changes it and tells what it saw: the same each time, unless something was left behind. */
  make(): (() => unknown) | Promise<() => unknown>
  readonly seen: unknown
  /** By the heap engine. Without it, the state is restored; by the fork engine it always is. */
  readonly refused?: KindRefusal
  /** The same where V8 refuses its natives, if it is another then. */
  readonly withoutNatives?: KindRefusal
  /** The same on Node 20, if it is another there. */
  readonly onNode20?: KindRefusal
}

export interface KindGroup {
  readonly title: string
  readonly kinds: Readonly<Record<string, Kind>>
}

/** Written in JavaScript, as scripts run it. */
const table = (await import(new URL('index.mjs', import.meta.url).href)) as {
  groups: readonly KindGroup[]
  kinds: Readonly<Record<string, Kind>>
}

export const groups: readonly KindGroup[] = table.groups
export const kinds: Readonly<Record<string, Kind>> = table.kinds
