import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOfTarget, repositoryRoot, type TargetName, targetNames, targetOf } from '../support/targets.ts'

/** Every entry of the package and its values: a change here is a change for users. */
const entries = {
  '.': ['Checkpoint', 'ForkpointError', 'afterFork', 'beforeFork', 'checkpoint', 'exclude', 'setup'],
  './adapter': [
    'BranchingSession',
    'ForkEngine',
    'ForkpointError',
    'HeapEngine',
    'InPlaceSession',
    'Level',
    'NodeModules',
    'START_FLAGS',
    'Scripts',
    'chooseEngine',
    'describeOutcome',
    'findBoundary',
    'formatSummary',
    'gatherHeap',
    'importEagerly',
    'intrinsics',
    'loadTransform',
    'mountMemoryDisk',
    'planLevels',
    'readScopes',
    'resolveOptions',
    'sharedState',
    'tuningFlags',
    'watchProcess',
    'writeReportFile',
  ],
  './register': [],
  './vitest': ['default'],
  './vitest/runner': ['default'],
}

/** Runs a module where the built package is installed, as a user would, and reads what it passes to `tell`. */
function runInstalled(name: TargetName, code: string): unknown {
  const tell = 'const tell = value => process.stdout.write(JSON.stringify(value))\n'
  const told = execFileSync(targetOf(name).node, ['--input-type=module', '--eval', tell + code], {
    cwd: folderOfTarget(name),
    encoding: 'utf8',
  })
  return JSON.parse(told)
}

test('package.json names these entries and no others', () => {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'))
  expect(Object.keys(manifest.exports)).toEqual([...Object.keys(entries), './package.json'])
})

describe.each(targetNames)('installed beside %s', name => {
  test.each(Object.entries(entries))('import of %s', (entry, values) => {
    const code = `tell(Object.keys(await import('forkpoint${entry.slice(1)}')).sort())`
    expect(runInstalled(name, code)).toEqual(values)
  })

  test('require of .', () => {
    const code = `
      import { createRequire } from 'node:module'
      const require = createRequire(process.cwd() + '/')
      tell([Object.keys(require('forkpoint')).sort(), require('forkpoint/package.json').name])
    `
    expect(runInstalled(name, code)).toEqual([entries['.'], 'forkpoint'])
  })

  test('an error of the one build is a ForkpointError of the other, and nothing else is', () => {
    const code = `
      import { createRequire } from 'node:module'
      import { ForkpointError } from 'forkpoint'
      const required = createRequire(process.cwd() + '/')('forkpoint')
      const give = ErrorClass => new ErrorClass('ERR_FORKPOINT_PLACE', 'wrong place')
      tell({
        same: required.ForkpointError === ForkpointError,
        required: give(required.ForkpointError) instanceof ForkpointError,
        imported: give(ForkpointError) instanceof required.ForkpointError,
        others: [new Error('other'), {}, null, 'text'].map(value => value instanceof ForkpointError),
        shown: { ...give(ForkpointError), message: give(required.ForkpointError).message },
      })
    `
    expect(runInstalled(name, code)).toEqual({
      same: false,
      required: true,
      imported: true,
      others: [false, false, false, false],
      shown: {
        name: 'ForkpointError',
        code: 'ERR_FORKPOINT_PLACE',
        message: '[forkpoint] wrong place (ERR_FORKPOINT_PLACE)',
      },
    })
  })

  test('both builds say the same outside of a runner, each by its own name', () => {
    const code = `
      import { createRequire } from 'node:module'
      import * as imported from 'forkpoint'
      const required = createRequire(process.cwd() + '/')('forkpoint')
      const messageOf = setup => { try { setup(() => {}) } catch (error) { return error.message } }
      tell([messageOf(imported.setup), messageOf(required.setup)])
    `
    const message =
      '[forkpoint] Failed to register a setup: `setup()` was called outside a test runner. Call it at the top level of a ' +
      "test file or in a `describe`, and add forkpoint to the runner's configuration: `plugins: [forkpoint()]` with " +
      "`import forkpoint from 'forkpoint/vitest'`. (ERR_FORKPOINT_PLACE)"
    expect(runInstalled(name, code)).toEqual([message, message])
  })

  test('a file that is no entry is out of reach', () => {
    const code = "tell(await import('forkpoint/dist/index.mjs').catch(error => error.code))"
    expect(runInstalled(name, code)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})
