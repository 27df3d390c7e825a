import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { SHORT_FLAGS } from '../../src/fork/start-flags.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'

/** What the addon alone needs: the engine sets the rest of the longer form by itself. */
export const startFlags: readonly string[] = [...SHORT_FLAGS, '--expose-gc']

export function scriptPath(name: string): string {
  return fileURLToPath(new URL(`scripts/${name}.mjs`, import.meta.url))
}

/** Runs one scenario of a script in a Node of its own; returns what it printed, and with it what it said on stderr. */
export function runScript(
  script: string,
  scenario: string,
  flags: readonly string[] = startFlags,
): { value: unknown; stderr: string } {
  const run = spawnSync(process.execPath, [...flags, scriptPath(script), scenario], {
    encoding: 'utf8',
    timeout: HANG_LIMIT_MS,
  })
  if (run.status !== 0)
    throw new Error(`${script} ${scenario} ended with ${run.signal ?? run.status}:\n${run.stderr}`)
  return { value: JSON.parse(run.stdout), stderr: run.stderr }
}
