import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles } from './hash-files.ts'
import { runCommand } from './run-command.ts'
import { folderOf, type MatrixFolder, repositoryRoot } from './targets.ts'
import { withLock } from './with-lock.ts'

const PACKED = ['package.json', 'dist', 'prebuilds']

function readStamp(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

async function installWhenStale(folder: string): Promise<void> {
  const wanted = hashFiles(folder, ['package.json', 'package-lock.json', '.npmrc'])
  const stamp = join(folder, 'node_modules', '.forkpoint-installed')
  if (readStamp(stamp) === wanted) return
  await runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
  writeFileSync(stamp, wanted)
}

/**
 * Puts the built package into a target as a real copy.
 *
 * A symbolic link would be resolved to the repository, and the plugin would import the repository's Vitest instead of the target's.
 * The copy is made beside its place and renamed, so that a run that starts meanwhile never sees half of it.
 */
function copyPackageWhenStale(nodeModules: string): void {
  const wanted = hashFiles(repositoryRoot, PACKED)
  const place = join(nodeModules, 'forkpoint')
  const stamp = '.forkpoint-copied'
  if (readStamp(join(place, stamp)) === wanted) return
  const fresh = join(nodeModules, `.forkpoint-${process.pid}-new`)
  const old = join(nodeModules, `.forkpoint-${process.pid}-old`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh)
  for (const name of PACKED) {
    const source = join(repositoryRoot, name)
    if (existsSync(source)) cpSync(source, join(fresh, name), { recursive: true })
  }
  writeFileSync(join(fresh, stamp), wanted)
  if (existsSync(place)) renameSync(place, old)
  renameSync(fresh, place)
  rmSync(old, { recursive: true, force: true })
}

function checkDependencies(name: MatrixFolder, nodeModules: string): void {
  const manifest: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'))
  const { dependencies = {} } = manifest as { dependencies?: Record<string, string> }
  const missing = Object.keys(dependencies).filter(dependency => !existsSync(join(nodeModules, dependency)))
  if (missing.length > 0)
    throw new Error(
      `Failed to prepare ${name}: add ${missing.join(', ')} to test/matrix/${name}/package.json`,
    )
}

/** Installs a folder when its lock file changed and puts the newest build of forkpoint there. Needs `dist` to be built. */
export async function prepareFolder(name: MatrixFolder): Promise<void> {
  const folder = folderOf(name)
  await withLock(join(repositoryRoot, 'node_modules', `.forkpoint-${name}.lock`), async () => {
    await installWhenStale(folder)
    const nodeModules = join(folder, 'node_modules')
    checkDependencies(name, nodeModules)
    copyPackageWhenStale(nodeModules)
  })
}

/** Installs the Nodes that no runner brings. */
export async function prepareNodes(): Promise<void> {
  await withLock(join(repositoryRoot, 'node_modules', '.forkpoint-nodes.lock'), () =>
    installWhenStale(join(repositoryRoot, 'test', 'matrix', 'nodes')),
  )
}
