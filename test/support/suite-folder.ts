import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { repositoryRoot } from './targets.ts'

/** The files of a suite: the name of a folder of test/corpus, or their contents by path. */
export type SuiteFiles = string | Readonly<Record<string, string>>

export interface SuiteFolder {
  /** Everything of one run: removed after it. */
  readonly root: string
  /** Where Vitest runs. */
  readonly suite: string
  /** What the harness needs besides: config, logs, coverage, cache. Outside the suite, so that it is not taken for the tests' output. */
  readonly own: string
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}

export function makeSuiteFolder(files: SuiteFiles, nodeModules: string): SuiteFolder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-suite-')))
  const [suite, own] = [join(root, 'suite'), join(root, 'own')]
  mkdirSync(suite)
  mkdirSync(own)
  // Both folders resolve packages from the target: the tests, and the config file.
  symlinkSync(nodeModules, join(root, 'node_modules'))
  if (typeof files === 'string')
    cpSync(join(repositoryRoot, 'test', 'corpus', files), suite, { recursive: true })
  else writeFiles(suite, files)
  return { root, suite, own }
}

/** Every file below a folder, by its path, but what Vitest 5 caches in a node_modules there. */
export function readFolder(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [relative(folder, path), readFileSync(path, 'utf8')] as const)
      .filter(([path]) => !path.startsWith('node_modules'))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}
