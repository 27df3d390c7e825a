import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('fork-stress.mjs', import.meta.url))

function runStress(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
}

// The long form is 5000 children on each Node: npm run stress
test.each([
  [120, 'one V8 worker', []],
  [40, 'their system calls watched', ['--syscalls']],
  [40, "V8's usual workers, their condition variables reset", ['--workers']],
])('%i children under a random mixed load all end well: %s', (forks, _, options) => {
  const run = runStress('--forks', String(forks), ...options)
  expect(run.stderr).toBe('')
  expect({ status: run.status, said: run.status === 0 ? '' : run.stdout }).toEqual({ status: 0, said: '' })
})

test('a child that crashes is told with the seed, its number and its steps', () => {
  const { status, stdout } = runStress('--forks', '3', '--seed', '1', '--crash', '1')
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout:
      `${process.version}: child 1 of --seed 1 did not end: its process was killed by SIGSEGV (a crash in native code); ` +
      'its steps, the last one last:\ncompile\nspawn\ncrypto\ncrypto\ncollectGarbage\n\n',
  })
})
