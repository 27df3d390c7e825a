import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from '../support/targets.ts'

export interface Packed {
  /** Where the tarball is. */
  readonly tarball: string
  /** Of the tarball, and of what it holds, in bytes. */
  readonly size: number
  readonly unpackedSize: number
  readonly files: ReadonlyArray<{ readonly path: string; readonly size: number }>
}

/** Makes the tarball that npm would publish, of what is built now. */
export function pack(folder: string): Packed {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const output = execFileSync('npm', args, {
    cwd: repositoryRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [packed] = JSON.parse(output) as Array<Omit<Packed, 'tarball'> & { filename: string }>
  if (packed === undefined) throw new Error(`npm pack made nothing: ${output}`)
  return { ...packed, tarball: join(folder, packed.filename) }
}
