import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../support/targets.ts'

interface State {
  manifest: { version: string; repository?: { url: string } }
  changelog: string
  changed: string
  packed: string[]
  pending: string[]
}

const script = pathToFileURL(join(repositoryRoot, 'scripts', 'release', 'find-obstacles.mjs'))
const { findObstacles } = (await import(script.href)) as { findObstacles(state: State): string[] }

const ready: State = {
  manifest: { version: '1.2.3', repository: { url: 'git+https://host/forkpoint.git' } },
  changelog: '# Changelog\n\n## 1.2.3\n\n- A change.\n',
  changed: '',
  packed: ['package.json', 'prebuilds/linux-x64/forkpoint.node'],
  pending: [],
}

test('a release has nothing in its way when all is there', () => {
  expect(findObstacles(ready)).toEqual([])
})

test.each<[string, Partial<State>]>([
  ['Something is not committed.', { changed: ' M README.md\n' }],
  [
    'package.json names no `repository`, from which npm states the provenance.',
    { manifest: { version: '1.2.3' } },
  ],
  ['CHANGELOG.md has no part for 1.2.3.', { changelog: '# Changelog\n\n## 1.2.2\n' }],
  ['CHANGELOG.md says that 1.2.3 is not released.', { changelog: '## 1.2.3 (not released)\n' }],
  ['Changesets wait for a version: calm-cats.md.', { pending: ['calm-cats.md'] }],
  ['The tarball has no binary for Linux on x64.', { packed: ['package.json'] }],
])('a release is refused: %s', (sentence, state) => {
  expect(findObstacles({ ...ready, ...state })).toEqual([sentence])
})
