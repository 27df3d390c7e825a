import { join } from 'node:path'
import { folderOf, type jestFolders, targetOf } from './targets.ts'

/** A supported version of Jest, installed in its folder of test/matrix, and the Node that runs it. */
export interface JestTarget {
  readonly folder: (typeof jestFolders)[number]
  readonly node: string
}

export type JestTargetName = 'Jest 30, Node 20' | 'Jest 30, Node 24' | 'Jest 29.7, Node 20'

/** Node 20 is what runs these tests; the newer one is the one that Vitest 5 brings. */
export const jestTargets: Readonly<Record<JestTargetName, JestTarget>> = {
  'Jest 30, Node 20': { folder: 'jest-30', node: process.execPath },
  'Jest 30, Node 24': { folder: 'jest-30', node: targetOf('vitest-5').node },
  'Jest 29.7, Node 20': { folder: 'jest-29', node: process.execPath },
}

export function modulesOf({ folder }: JestTarget): string {
  return join(folderOf(folder), 'node_modules')
}
