// Projects of users, in folders of their own outside of the repository.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { filesOf, readBlocks } from '../docs/code-blocks.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { environment } from '../support/run-suite.ts'
import { repositoryRoot } from '../support/targets.ts'
import { type Packed, pack } from './pack.ts'

type Files = Readonly<Record<string, string>>

export interface Run {
  readonly status: number | null
  readonly output: string
}

/** What installs without a question or a script, and asks the registry only for what npm has not yet. */
const QUIETLY = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']

/** What is locked of a package, of the lock file of this repository. */
interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** The packed package, and the projects that have it installed. */
export class Projects implements Disposable {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-packed-')))
  readonly packed: Packed = pack(this.#folder);

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** With what npm installs beside the package, in the newest versions. */
  install(name: string, packages: readonly string[], files: Files): string {
    const project = this.#write(name, { 'package.json': '{}', ...files })
    this.#npmInstall(project, packages)
    return project
  }

  /** With what the package depends on in the versions of this repository, and links to other packages of it. */
  installLocked(name: string, links: readonly string[], files: Files): string {
    const project = this.#write(name, {
      'package.json': '{}',
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        requires: true,
        packages: lockOfDependencies(),
      }),
      ...files,
    })
    // So that npm does not ask the registry for the runners, which the package has as optional peers.
    this.#npmInstall(project, ['--legacy-peer-deps'])
    for (const each of links) {
      symlinkSync(join(repositoryRoot, 'node_modules', each), join(project, 'node_modules', each))
    }
    return project
  }

  #npmInstall(project: string, more: readonly string[]): void {
    execFileSync('npm', ['install', ...QUIETLY, this.packed.tarball, ...more], {
      cwd: project,
      stdio: 'pipe',
    })
  }

  #write(name: string, files: Files): string {
    const project = join(this.#folder, name)
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(project, path)), { recursive: true })
      writeFileSync(join(project, path), content)
    }
    return project
  }
}

/** What a lock file says of what the package depends on, by the lock file of this repository. */
function lockOfDependencies(): Record<string, Locked> {
  const { packages } = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>
  }
  const lock: Record<string, Locked> = { '': {} }
  const add = (name: string): void => {
    const place = `node_modules/${name}`
    if (place in lock) return
    const below = Object.entries(packages).filter(([path]) => path === place || path.startsWith(`${place}/`))
    for (const [path, locked] of below) {
      lock[path] = locked
      for (const each of namesIn(locked)) add(each)
    }
  }
  for (const name of namesIn(packages[''])) add(name)
  return lock
}

/** Not what is for development. */
function namesIn(locked: Locked | undefined): string[] {
  return Object.keys({ ...locked?.dependencies, ...locked?.optionalDependencies })
}

/** What the guide has its readers write, for a runner; rolled back however slow this machine is. */
export function guide(extension: 'ts' | 'js'): Files {
  const blocks = readBlocks().filter(({ page }) => page === 'docs/guide.md')
  const files = Object.entries(filesOf(blocks)).filter(([path]) => path.endsWith(extension))
  return Object.fromEntries(files.map(([path, code]) => [basename(path), withoutJudging(code)]))
}

function withoutJudging(code: string): string {
  return code
    .replace('forkpoint()', 'forkpoint({ warmup: 0 })')
    .replace(
      "preset: 'forkpoint'",
      "preset: 'forkpoint', testEnvironmentOptions: { forkpoint: { warmup: 0 } }",
    )
}

export function run(
  cwd: string,
  node: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Run {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd,
    env: environment(env),
    encoding: 'utf8',
    timeout: HANG_LIMIT_MS,
  })
  return { status, output: stdout + stderr }
}
