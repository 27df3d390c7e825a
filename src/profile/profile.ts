import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { stringifyJson } from '../intrinsics.ts'
import { sharedState } from '../state.ts'
import { addAllocations } from './add-allocations.ts'
import { Sampler } from './sampler.ts'
import type { Phase, SavedProfile, StateShape } from './saved-profile.ts'

/** What this process allocates in setups and in tests, and what its checkpoints are made of. */
export class Profile {
  readonly #folder: string
  readonly #sampler = new Sampler()
  #phase: Phase | null = null
  #allocated: Record<Phase, Map<string, number>> = { setup: new Map(), test: new Map() }
  #runs: Record<Phase, number> = { setup: 0, test: 0 }
  #checkpoints: StateShape[] = []
  #saved = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** What is allocated from here on belongs to a phase; null: to none. Gives the one before it, to be entered again. */
  enter(phase: Phase | null, isNew = true): Phase | null {
    const before = this.#phase
    if (before !== null) {
      const head = this.#sampler.stop()
      if (head !== null) addAllocations(head, this.#allocated[before])
    }
    this.#phase = phase
    if (phase === null) return before
    if (isNew) this.#runs[phase]++
    this.#sampler.start()
    return before
  }

  addCheckpoint(shape: StateShape): void {
    this.#checkpoints.push(shape)
  }

  /** A test file has ended: writes what was found of it, for `forkpoint profile`. */
  save(): void {
    this.enter(null)
    const { setup, test } = this.#allocated
    const profile: SavedProfile = {
      allocated: { setup: Object.fromEntries(setup), test: Object.fromEntries(test) },
      runs: this.#runs,
      checkpoints: this.#checkpoints,
    }
    mkdirSync(this.#folder, { recursive: true })
    const name = `${process.pid}-${threadId}-${this.#saved++}.json`
    writeFileSync(join(this.#folder, name), stringifyJson(profile))
    this.#allocated = { setup: new Map(), test: new Map() }
    this.#runs = { setup: 0, test: 0 }
    this.#checkpoints = []
  }
}

/** The profile of this process, where `FORKPOINT_PROFILE` names a folder for it; else null. */
export function ownProfile(): Profile | null {
  const state = sharedState()
  const folder = process.env.FORKPOINT_PROFILE
  if (state.profile === undefined) state.profile = folder ? new Profile(folder) : null
  return state.profile as Profile | null
}
