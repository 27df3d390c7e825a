import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepareNodes } from './matrix.ts'
import { repositoryRoot, targetOf } from './targets.ts'

export type NodeName = 'Node 20' | 'Node 22' | 'Node 24' | 'Node 26'

export const nodeNames: readonly NodeName[] = ['Node 20', 'Node 22', 'Node 24', 'Node 26']

/** Where a Node is: 20 is what runs these tests, Vitest 5 brings 24, and the others, which only long runs need, are installed by this. */
export async function prepareNode(name: NodeName): Promise<string> {
  if (name === 'Node 20') return process.execPath
  if (name === 'Node 24') return targetOf('vitest-5').node
  await prepareNodes()
  const folder = name.toLowerCase().replace(' ', '-')
  const path = join(repositoryRoot, 'test', 'matrix', 'nodes', 'node_modules', folder, 'bin', 'node')
  if (!existsSync(path)) throw new Error(`Failed to find ${path}: npm has installed no ${name} here`)
  return path
}
