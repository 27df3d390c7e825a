import type { Engine, InPlaceEngine, IsolationRefusals, Obstacle } from '../engine.ts'
import type { Finding } from '../finding.ts'
import { journalRoot } from '../host/journal/journal-folder.ts'
import { real } from '../host/memory-disk/real-disk.ts'
import { keptChangesFolder } from '../isolation/keep-changes.ts'
import type { ResolvedOptions } from '../options.ts'

type Part = keyof IsolationRefusals

/** What each part is asked for by, and what comes of its absence. */
const PARTS: Readonly<Record<Part, { option: string; instead: string }>> = {
  files: {
    option: "fs: 'overlay'",
    instead: "What tests do to files is undone from a journal instead, as with `fs: 'journal'`",
  },
  network: { option: "network: 'loopback'", instead: 'Tests have the network of the system' },
  calls: { option: 'syscalls: true', instead: 'The system calls of tests are not watched' },
}

/** The options that it depends on. */
export type IsolationChoice = Pick<ResolvedOptions, 'fs' | 'keepOverlay' | 'network' | 'syscalls' | 'guard'>

export interface StartedIsolation {
  isIsolated: boolean
  /** Each branch for a test has a disk of its own. */
  hasFiles: boolean
  /** Where what tests do to it is kept; null: nowhere. */
  keptIn: string | null
  /** What is to be said of that. */
  notes: Finding[]
}

/** @param root the project's folder */
export function startIsolation(
  engine: Engine | InPlaceEngine | null,
  { fs, keepOverlay, network, syscalls, guard }: IsolationChoice,
  root: string,
): StartedIsolation {
  const wanted = {
    files: fs === 'overlay',
    network: network === 'loopback',
    calls: syscalls && guard !== 'off',
  }
  const parts = (['files', 'network', 'calls'] as const).filter(part => wanted[part])
  if (engine === null) return { isIsolated: false, hasFiles: false, keptIn: null, notes: [] }
  if ('take' in engine) {
    const notes = parts.map(part => describe(part, needsFork(part)))
    return { isIsolated: false, hasFiles: false, keptIn: null, notes }
  }
  const { NODE_V8_COVERAGE } = process.env
  const own = [journalRoot(root), ...(keepOverlay ? [keptChangesFolder(root)] : [])]
  const shared = [...own, ...(NODE_V8_COVERAGE ? [NODE_V8_COVERAGE] : [])]
  if (wanted.files) for (const folder of own) makeFolder(folder)
  const refusals = engine.isolate(parts.length > 0 ? { ...wanted, root, shared } : null)
  const had = parts.filter(part => refusals[part] === undefined)
  return {
    isIsolated: had.length > 0,
    hasFiles: had.includes('files'),
    keptIn: keepOverlay && had.includes('files') ? keptChangesFolder(root) : null,
    notes: parts.flatMap(part => {
      const refusal = refusals[part]
      return refusal === undefined ? [] : [describe(part, refusal)]
    }),
  }
}

function needsFork(part: Part): Obstacle {
  const why = `\`${PARTS[part].option}\` needs the fork engine, and the heap engine runs here`
  return { why, remedy: 'the reason stands with the engine' }
}

/** It has to be there to stay everybody's. Where it can't be made, nothing is written to it. */
function makeFolder(path: string): void {
  try {
    real.mkdirSync(path, { recursive: true })
  } catch {}
}

function describe(part: Part, { why, remedy }: Obstacle): Finding {
  return { kind: 'fallback', detail: `${PARTS[part].instead}: ${why}; ${remedy}.`, count: 1 }
}
