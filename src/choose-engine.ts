import type { Engine, EngineName, InPlaceEngine, Refusal } from './engine.ts'
import { ForkpointError } from './errors.ts'

/** What there is to know of an engine to choose it. */
type Candidate = Pick<Engine | InPlaceEngine, 'name' | 'refuse'>

export interface EngineChoice<E extends Candidate = Engine | InPlaceEngine> {
  /** Null when every test is to be run the plain way. */
  chosen: E | null
  /** One clause without a full stop. */
  why: string
  /** The engines tried before, and why each of them can't run. */
  refused: Refusal[]
}

/**
 * The engine to run with: the first candidate whose preconditions hold. With none, `auto` falls back to running
 * every test the plain way.
 *
 * @throws ForkpointError `ERR_FORKPOINT_ENGINE` when an engine asked for by name can't run or is not a candidate.
 */
export function chooseEngine<E extends Candidate>(
  wanted: EngineName | 'auto' | 'off',
  candidates: readonly E[],
): EngineChoice<E> {
  if (wanted === 'off') return { chosen: null, why: 'forkpoint was turned off', refused: [] }
  if (wanted !== 'auto') return chooseByName(wanted, candidates)
  const refused: Refusal[] = []
  for (const engine of candidates) {
    const refusal = engine.refuse()
    if (refusal === null) return { chosen: engine, why: 'its preconditions hold here', refused }
    refused.push(refusal)
  }
  return { chosen: null, why: 'no engine can run here, so setup is re-run for every test', refused }
}

function chooseByName<E extends Candidate>(name: EngineName, candidates: readonly E[]): EngineChoice<E> {
  const engine = candidates.find(candidate => candidate.name === name)
  if (engine === undefined) {
    const known = candidates.map(candidate => `'${candidate.name}'`).join(', ')
    throw new ForkpointError(
      'ERR_FORKPOINT_ENGINE',
      `The ${name} engine was asked for by name, but this version of forkpoint does not have it; ` +
        `use ${known ? `${known} or 'auto'` : "'auto'"}`,
    )
  }
  const refusal = engine.refuse()
  if (refusal !== null) {
    throw new ForkpointError(
      'ERR_FORKPOINT_ENGINE',
      `The ${name} engine was asked for by name, but can't run here: ${refusal.why} ` +
        `(check "${refusal.check}"); ${refusal.remedy}`,
    )
  }
  return { chosen: engine, why: 'it was asked for by name', refused: [] }
}
