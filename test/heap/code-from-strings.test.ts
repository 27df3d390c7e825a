import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../engine-scripts/runs.mjs', import.meta.url))

test('where code may not be made from strings, what a run did is undone all the same', () => {
  const flags = ['--disallow-code-generation-from-strings', '--import', 'forkpoint/register']
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, 'many'], {
    encoding: 'utf8',
    env: { ...process.env, FORKPOINT: 'heap' },
  })
  expect({ stderr, ...JSON.parse(stdout || '{}') }).toEqual({ stderr: '', seen: [1], outside: 0 })
})
