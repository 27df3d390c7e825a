import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '../../engine.ts'
import { START_FLAGS, tuningFlags } from '../../fork/start-flags.ts'
import { parseJson } from '../../intrinsics.ts'
import type { Probed } from './probed.ts'

const PROBE = fileURLToPath(new URL('./probe.mjs', import.meta.url))

/** Starting Node, five rollbacks, and a machine that has other things to do. */
const LIMIT_MS = 60_000

/** Tries an engine out in a process of its own, started as the runners start theirs for it. */
export function probeEngine(engine: EngineName, env: NodeJS.ProcessEnv): Probed {
  const flags = engine === 'fork' ? [...START_FLAGS, ...tuningFlags(process.versions.node)] : []
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [...flags, PROBE, engine], {
    env,
    encoding: 'utf8',
    timeout: LIMIT_MS,
  })
  if (status === 0 && error === undefined) return parseJson(stdout) as Probed
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const said = lines.find(line => /^\w*Error\b/.test(line)) ?? lines[0]
  const how =
    error?.message ?? `it ended with ${signal ?? status}${said === undefined ? '' : `: ${said.trim()}`}`
  return {
    refusal: {
      check: 'start',
      why: `a process that was started for it did not say what it found: ${how}`,
      remedy: `see what this prints: node ${[...flags, PROBE, engine].join(' ')}`,
    },
  }
}
