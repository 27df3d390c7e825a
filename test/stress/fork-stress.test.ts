import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('fork-stress.mjs', import.meta.url))

// The long form is 5000 children, on each Node: node test/stress/fork-stress.mjs --forks 5000
test.each([
  [150, 'one V8 worker', []],
  [50, "V8's usual workers, their condition variables reset", ['--workers']],
])('%i children under a random mixed load all end well: %s', (forks, _, options) => {
  const run = spawnSync(process.execPath, [script, '--forks', String(forks), ...options], {
    encoding: 'utf8',
  })
  expect(run.stderr).toBe('')
  expect({ status: run.status, said: run.status === 0 ? '' : run.stdout }).toEqual({ status: 0, said: '' })
})
