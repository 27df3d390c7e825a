import type { Engine, InPlaceEngine, Obstacle } from '../engine.ts'
import type { Finding } from '../finding.ts'
import { journalRoot } from '../host/journal/journal-folder.ts'
import { real } from '../host/memory-disk/real-disk.ts'
import type { ResolvedOptions } from '../options.ts'

const NEEDS_FORK: Obstacle = {
  why: "`fs: 'overlay'` needs the fork engine, and the heap engine runs here",
  remedy: 'the reason stands with the engine',
}

/** @param root the project's folder. @returns whether tests have it, and what is to be said of that */
export function startIsolation(
  engine: Engine | InPlaceEngine | null,
  { fs }: Pick<ResolvedOptions, 'fs'>,
  root: string,
): { isIsolated: boolean; notes: Finding[] } {
  if (engine === null) return { isIsolated: false, notes: [] }
  const isWanted = fs === 'overlay'
  const obstacle = isWanted && 'take' in engine ? NEEDS_FORK : isolate(engine, isWanted, root)
  return { isIsolated: isWanted && obstacle === null, notes: obstacle === null ? [] : [describe(obstacle)] }
}

function isolate(engine: Engine | InPlaceEngine, files: boolean, root: string): Obstacle | null {
  if ('take' in engine) return null
  const { NODE_V8_COVERAGE } = process.env
  if (files) makeFolder(journalRoot(root))
  const shared = [journalRoot(root), ...(NODE_V8_COVERAGE ? [NODE_V8_COVERAGE] : [])]
  return engine.isolate(files ? { root, files, network: false, shared } : null)
}

/** It has to be there to stay everybody's. Where it can't be made, nothing is written to it. */
function makeFolder(path: string): void {
  try {
    real.mkdirSync(path, { recursive: true })
  } catch {}
}

function describe({ why, remedy }: Obstacle): Finding {
  const detail = `What tests do to files is undone from a journal instead, as with \`fs: 'journal'\`: ${why}; ${remedy}.`
  return { kind: 'fallback', detail, count: 1 }
}
