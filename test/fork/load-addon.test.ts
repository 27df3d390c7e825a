import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { loadAddon } from '../../src/fork/addon.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the binary of this platform is found from the sources', () => {
  expect(loadAddon()).toMatchObject({ fork: expect.any(Function), collect: expect.any(Function) })
})

test('a given path that does not exist is named, and nothing is taken in its place', () => {
  vi.stubEnv('FORKPOINT_ADDON', '/nowhere/forkpoint.node')
  expect(loadAddon()).toEqual({
    why: 'the native addon is missing: there is no /nowhere/forkpoint.node (from FORKPOINT_ADDON)',
    remedy: 'correct or unset FORKPOINT_ADDON',
  })
})

test('a file that is no addon is told with the reason of the system', () => {
  const path = fileURLToPath(import.meta.url)
  vi.stubEnv('FORKPOINT_ADDON', path)
  const platform = `${process.platform}-${process.arch}`
  expect(loadAddon()).toEqual({
    why: `the native addon ${path} (from FORKPOINT_ADDON) does not load: ${path}: invalid ELF header`,
    remedy: `run npm run build in the repository with a C compiler, or install a release of forkpoint built for ${platform}`,
  })
})

test('a missing binary is named with the two ways to get one', () => {
  vi.stubGlobal('process', Object.create(process, { arch: { value: 'pdp11' } }))
  const refusal = loadAddon()
  vi.unstubAllGlobals()
  const root = fileURLToPath(new URL('../..', import.meta.url))
  expect(refusal).toEqual({
    why: `the native addon is missing: there is no ${root}prebuilds/${process.platform}-pdp11/forkpoint.node`,
    remedy: `run npm run build in the repository with a C compiler, or install a release of forkpoint built for ${process.platform}-pdp11`,
  })
})
