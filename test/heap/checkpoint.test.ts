import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import type { Ended } from '../engine-contract/engine-under-test.ts'
import { testEngine } from '../engine-contract/test-engine.ts'
import { testKinds } from '../engine-contract/test-kinds.ts'
import type { Kind, KindRefusal } from '../kinds/table.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { targetNames, targetOf } from '../support/targets.ts'

function launchWith(node: string, env: Readonly<Record<string, string>> = {}) {
  return (script: string, scenario: string): Ended => {
    const path = fileURLToPath(new URL(`../engine-scripts/${script}.mjs`, import.meta.url))
    return spawnSync(node, ['--import', 'forkpoint/register', path, scenario], {
      encoding: 'utf8',
      timeout: HANG_LIMIT_MS,
      env: { ...process.env, ...env, FORKPOINT: 'heap' },
    })
  }
}

for (const name of targetNames) {
  const { node } = targetOf(name)
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  testEngine(`heap engine, Node ${version}`, launchWith(node), {
    refusalOf: kind => refusalOn(version, kind),
    inFlight: 'FSReqCallback',
    leavesOut: true,
    hasProcesses: false,
  })
}

describe('heap engine without the natives of V8: what a run did is undone', () => {
  testKinds(launchWith(process.execPath, { FORKPOINT_NATIVES: 'off' }), {
    refusalOf: kind => kind.withoutNatives ?? refusalOn(process.version, kind),
  })
})

function refusalOn(version: string, { refused, onNode20 = refused }: Kind): KindRefusal | null {
  return (version.startsWith('v20.') ? onNode20 : refused) ?? null
}
