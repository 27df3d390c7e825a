import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Ended } from '../engine-contract/engine-under-test.ts'
import { testEngine } from '../engine-contract/test-engine.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { targetNames, targetOf } from '../support/targets.ts'

const START_FLAGS = ['--single-threaded', '--v8-pool-size=1']

function launchWith(node: string, flags: readonly string[] = START_FLAGS) {
  return (script: string, scenario: string): Ended => {
    const path = fileURLToPath(new URL(`../engine-scripts/${script}.mjs`, import.meta.url))
    return spawnSync(node, [...flags, path, scenario], { encoding: 'utf8', timeout: HANG_LIMIT_MS })
  }
}

/** The Node of each supported version of Vitest: the oldest supported one, and a new one. */
for (const name of targetNames) {
  const { node } = targetOf(name)
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  testEngine(`fork engine, Node ${stdout.trim()}`, launchWith(node), {
    refusalOf: () => null,
    inFlight: '1 request to the system or its thread pool, among them FSReqCallback',
    leavesOut: false,
    hasProcesses: true,
  })
}

test('what the process did since the checkpoint is part of the state that a run starts from', () => {
  const { stdout, stderr } = launchWith(process.execPath)('runs', 'movesOn')
  expect({ stderr, seen: JSON.parse(stdout || 'null') }).toEqual({ stderr: '', seen: [1, 11] })
})

test('await using disposes of the checkpoint at the end of its block', () => {
  const { stdout, stderr } = launchWith(targetOf('vitest-5').node)('using', 'awaitUsing')
  expect({ stderr, told: JSON.parse(stdout || 'null') }).toEqual({
    stderr: '',
    told: [1, expect.objectContaining({ code: 'ERR_FORKPOINT_DISPOSED' })],
  })
})
