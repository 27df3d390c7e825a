// npm run release: checks that this is a state to be released, and publishes it with a statement of its provenance, which only a CI can
// give that npm knows (`id-token: write`). With --check it ends after the checks.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findObstacles } from './release/find-obstacles.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = path => readFileSync(`${root}/${path}`, 'utf8')
const ask = (program, ...args) =>
  execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: 'inherit' })

// A binary is required here, where an install does without.
run('node', 'scripts/build-native.mjs', '--required')
run('npm', 'run', 'build')
const [{ files }] = JSON.parse(
  ask('npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'),
)
const obstacles = findObstacles({
  manifest: JSON.parse(read('package.json')),
  changelog: read('CHANGELOG.md'),
  changed: ask('git', 'status', '--porcelain'),
  packed: files.map(({ path }) => path),
  pending: readdirSync(`${root}/.changeset`).filter(name => name.endsWith('.md') && name !== 'README.md'),
})
for (const obstacle of obstacles) console.error(obstacle)
if (obstacles.length > 0) process.exitCode = 1
else if (!process.argv.includes('--check')) run('npm', 'publish', '--provenance', '--access', 'public')
