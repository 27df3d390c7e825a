import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from '../support/targets.ts'
import { pack } from './pack.ts'

interface Manifest {
  scripts: Record<string, string>
  bin: Record<string, string>
  main: string
  types: string
  exports: unknown
}

const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as Manifest

/** Paths in the package, as npm would publish it from what is built now. */
let packedFiles: string[] = []
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-pack-'))
  packedFiles = pack(folder).files.map(({ path }) => path)
  rmSync(folder, { recursive: true })
})

/** All strings in a value. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

test('the package holds what its entries name, its binary for this platform, and nothing for development', () => {
  const entries = [manifest.main, manifest.types, ...stringsIn([manifest.exports, manifest.bin])].map(path =>
    path.slice(2),
  )
  const binary = `prebuilds/${process.platform}-${process.arch}/forkpoint.node`
  const sources = readdirSync(join(repositoryRoot, 'native')).map(name => `native/${name}`)
  expect(packedFiles).toEqual(
    expect.arrayContaining([...entries, binary, 'package.json', 'README.md', 'LICENSE', ...sources]),
  )
  const others = packedFiles.filter(
    path =>
      !/^(dist\/[\w-]+\.(mjs|cjs|d\.mts|d\.cts)|prebuilds\/[\w-]+\/forkpoint\.node|native\/[\w-]+\.[ch])$/.test(
        path,
      ) && !['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(path),
  )
  expect(others).toEqual([])
})

test('nothing runs when a user installs it', () => {
  const atInstall = ['preinstall', 'install', 'postinstall', 'preprepare', 'postprepare']
  expect(atInstall.filter(name => name in manifest.scripts)).toEqual([])
  // With one of these, npm compiles by itself.
  expect(packedFiles.filter(path => path.endsWith('binding.gyp'))).toEqual([])
})
