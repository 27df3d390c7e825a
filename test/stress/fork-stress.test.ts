import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('fork-stress.mjs', import.meta.url))

// The long form is 5000 children, on each Node: node test/stress/fork-stress.mjs --forks 5000
test.each([
  ['one V8 worker', []],
  ["V8's usual workers, their condition variables reset", ['--workers']],
])('150 children under a random mixed load all end well: %s', (_, options) => {
  const run = spawnSync(process.execPath, [script, '--forks', '150', ...options], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(run.stdout).toMatch(
    /^v\S+: 150 children of --seed \d+ ended well, \S+ ms each, \d+ MB, \d+ other threads in the parent\n$/,
  )
})
