import type { Engine, Obstacle } from '../engine.ts'
import type { CallbackRunner } from './callback-runner.ts'
import type { Ledger } from './ledger.ts'
import type { Level } from './level.ts'
import type { SessionOptions } from './session-options.ts'
import { standStill } from './stand-still.ts'

interface RollingParts extends Pick<SessionOptions, 'engine' | 'beside'> {
  ledger: Ledger
  callbacks: CallbackRunner
}

/** This process as a checkpoint: whether it can be branched from, and what stands still while it is. */
export class Rolling {
  readonly #parts: RollingParts
  /** Lets the timers go on that were stopped for a branch. */
  #resumeTimers: (() => void) | null = null
  #isSharing = true

  constructor(parts: RollingParts) {
    this.#parts = parts
  }

  /** Branches of this process may run beside one another, if they are to. */
  get isSharing(): boolean {
    return this.#isSharing
  }

  /** Makes sure that the present state can be branched from, with its timers stopped; else the suite goes the plain way. */
  async canBranch(level: Level): Promise<boolean> {
    const { engine, callbacks } = this.#parts
    if (engine === null) return false
    const refusal = engine.refuse()
    if (refusal === null) await callbacks.close()
    const obstacles = refusal === null ? await this.#standStill(engine) : [refusal]
    if (obstacles.length === 0) return true
    this.goOn()
    await callbacks.open()
    return this.fallBack(level, obstacles)
  }

  start(level: Level, takeMs: number): void {
    this.#lookForShared(level)
    level.startRolling(takeMs)
  }

  /** The process is no checkpoint any more, or never was: it is a branch, or its suite has ended or goes the plain way. */
  stop(level: Level): void {
    level.isRolling = false
    this.goOn()
  }

  goOn(): void {
    this.#resumeTimers?.()
    this.#resumeTimers = null
  }

  fallBack(level: Level, reasons: ReadonlyArray<string | Obstacle>): false {
    this.stop(level)
    this.#parts.ledger.addFallback(level, reasons)
    return false
  }

  async #standStill(engine: Engine): Promise<Obstacle[]> {
    if (this.#resumeTimers !== null) return engine.quiesce()
    const still = await standStill(() => engine.quiesce())
    if (Array.isArray(still)) return still
    this.#resumeTimers = still
    return []
  }

  /** Tests that would share what the setup has opened run one after the other, and the report says so. */
  #lookForShared(level: Level): void {
    const { engine, beside, ledger } = this.#parts
    if (engine === null || beside === null) return
    const obstacle = engine.findShared()
    this.#isSharing = obstacle === null
    if (obstacle !== null) ledger.addSerial(level, obstacle)
  }
}
