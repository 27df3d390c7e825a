import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles } from './hash-files.ts'
import { prepareFolder } from './matrix.ts'
import { runCommand } from './run-command.ts'
import { jestFolders, repositoryRoot, targetNames } from './targets.ts'
import { withLock } from './with-lock.ts'

const SOURCES = [
  'bin',
  'src',
  'plugin-jest',
  'plugin-vitest',
  'native',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]

/** The runner tests run the built package, so what they see must be built from what is being edited. */
async function buildWhenStale(): Promise<void> {
  const wanted = hashFiles(repositoryRoot, SOURCES)
  const stamp = join(repositoryRoot, 'node_modules', '.forkpoint-built')
  const isBuilt = existsSync(join(repositoryRoot, 'dist', 'vitest.mjs')) && existsSync(stamp)
  if (isBuilt && readFileSync(stamp, 'utf8') === wanted) return
  await runCommand('npm', ['run', 'build'], repositoryRoot)
  writeFileSync(stamp, wanted)
}

/** Vitest's globalSetup of the runner tests: builds forkpoint and installs every target, each only when something changed. */
export async function setup(): Promise<void> {
  await withLock(join(repositoryRoot, 'node_modules', '.forkpoint-build.lock'), buildWhenStale)
  await Promise.all([...targetNames, ...jestFolders].map(prepareFolder))
}
