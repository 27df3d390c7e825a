import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { type Ended, type Traits, testEngine, testKinds } from '../engine-contract.ts'
import { targetNames, targetOf } from '../support/targets.ts'

function launchWith(node: string, env: Readonly<Record<string, string>> = {}) {
  return (script: string, scenario: string): Ended => {
    const path = fileURLToPath(new URL(`../engine-scripts/${script}.mjs`, import.meta.url))
    return spawnSync(node, ['--import', 'forkpoint/register', path, scenario], {
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, ...env, FORKPOINT: 'heap' },
    })
  }
}

const refuse = (verb: string, what: string): string =>
  `[forkpoint] Failed to ${verb}: \`${what}. Remedy: build it in the test, or leave ` +
  'this suite to the fork engine. (ERR_FORKPOINT_STATE)'
const kinds = 'test/engine-scripts/kinds.mjs'
const refuseToTake = (what: string): string => refuse('take a checkpoint', `${kinds} › ${what}`)
const refuseToRun = (what: string): string => refuse('run from the checkpoint', `${kinds} › ${what}`)
const position = "can't be put back: it is a generator, whose position can not be put back"

const traits: Traits = {
  refused: {
    descriptor: refuseToRun(
      'descriptor() › record` can\'t be put back: a property "hidden" was added that can\'t be removed (and 2 more)',
    ),
    generator: refuseToTake(`generator() › numbers\` ${position}`),
    iterator: refuseToTake(
      "iterator() › items` can't be put back: it is an iterator, whose position can not be put back",
    ),
    asyncGenerator: refuseToTake(`asyncGenerator() › numbers\` ${position}`),
    modules: refuse(
      'run from the checkpoint',
      "test/engine-scripts/late-module.mjs` can't be put back: it was first loaded after the checkpoint, and Node keeps it loaded",
    ),
    promise: refuseToRun(
      "promise() › promise` can't be put back: it was pending at the checkpoint, and has been settled",
    ),
    wasm: refuseToRun(
      "wasm() › exports.m` can't be put back: it has grown, and WebAssembly has no way to make it smaller (and 1 more)",
    ),
    buffers: refuseToRun(
      "buffers() › bytes.buffer` can't be put back: it was detached: transferred to a thread, or its WebAssembly memory has grown",
    ),
  },
  inFlight: 'FSReqCallback',
  leavesOut: true,
  hasProcesses: false,
}

for (const name of targetNames) {
  const { node } = targetOf(name)
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  testEngine(`heap engine, Node ${stdout.trim()}`, launchWith(node), traits)
}

describe('heap engine without the natives of V8: what a run did is undone', () => {
  testKinds(launchWith(process.execPath, { FORKPOINT_NATIVES: 'off' }), traits)
})
