import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../support/targets.ts'

export interface Page {
  /** From the repository: `docs/guide.md`. */
  readonly path: string
  readonly text: string
}

/** Every page for users: the README and what is below docs/. */
export function readDocs(): Page[] {
  const below = readdirSync(join(repositoryRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.md') && !path.includes('node_modules'))
    .map(path => join('docs', path))
  return ['README.md', ...below.sort()].map(path => ({
    path,
    text: readFileSync(join(repositoryRoot, path), 'utf8'),
  }))
}
