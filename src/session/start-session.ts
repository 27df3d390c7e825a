import type { Desk, Engine, InPlaceEngine } from '../engine.ts'
import type { ResolvedOptions } from '../options.ts'
import { BranchingSession } from './branching-session.ts'
import { InPlaceSession } from './in-place-session.ts'
import type { Session } from './session.ts'
import type { SessionOptions } from './session-options.ts'
import { type IsolationChoice, startIsolation } from './start-isolation.ts'

export interface SessionParts
  extends Pick<SessionOptions, 'beforeSteps' | 'beforeBranch' | 'disk' | 'guard'> {
  options: Pick<ResolvedOptions, 'scope' | 'warmup' | 'verify' | 'parallel'> & IsolationChoice
  /** The project's folder. */
  root: string
  /** Where tests that run beside one another ask. */
  desk: Desk
}

/** The session of a file, as the project's options want it. @param engine null: every test runs the plain way */
export function startSession(engine: Engine | InPlaceEngine | null, parts: SessionParts): Session {
  const { options, beforeSteps, beforeBranch, disk, guard, desk, root } = parts
  const { scope, warmup, verify, parallel } = options
  const { isIsolated, hasFiles, keptIn, notes } = startIsolation(engine, options, root)
  const common = {
    // A test run the plain way leaves its state to the next one, and under `scope: 'all'` nothing rebuilds it; nor has it
    // a disk of its own.
    warmup: (scope === 'all' || hasFiles) && warmup === 'auto' ? (0 as const) : warmup,
    notes,
    beforeSteps,
    disk,
    ...(guard !== undefined && { guard }),
  }
  if (engine !== null && 'take' in engine)
    return new InPlaceSession({ ...common, engine, beforeTake: () => beforeBranch(false) })
  const beside = parallel > 1 && verify === 0 ? { atOnce: parallel, desk } : null
  return new BranchingSession({ ...common, engine, beforeBranch, beside, isIsolated, keptIn, root })
}
