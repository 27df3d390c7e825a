// npm run test:nodes: the tests of the guard and its catalogue, which depends on what a Node offers, run by Node 22 and 26. Those of
// Vitest 5, which has a Node of its own, are left to npm test. After -- follow other tests to be run.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'test', 'matrix', 'nodes')
const GUARD = [
  'test/host',
  ...['bypasses', 'host-calls', 'innocent'].map(each => `test/vitest/${each}.test.ts`),
]

const given = process.argv.slice(2)
const vitest = [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--config',
  'test/vitest.config.ts',
]
const tests = given.length > 0 ? given : [...GUARD, '--testNamePattern', '^(?!.*vitest-5)']

for (const name of ['node-22', 'node-26']) {
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  if (!existsSync(node)) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
  console.log(`${name}:`)
  run(node, [...vitest, ...tests], root)
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
