import { mkdirSync, rmSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const STALE_AFTER_MS = 180_000

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function ageOf(folder: string): number {
  return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
}

/**
 * Runs `body` while holding a lock, a folder that only one process can make.
 *
 * Two people (or two terminals) running the tests in one clone would otherwise install into the same folder at once.
 * A lock older than three minutes is taken to be left over from a killed run.
 */
export async function withLock<T>(folder: string, body: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      mkdirSync(folder)
      break
    } catch (error) {
      if (!isTaken(error)) throw error
      if (ageOf(folder) > STALE_AFTER_MS) rmSync(folder, { recursive: true, force: true })
      else await delay(100)
    }
  }
  try {
    return await body()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
