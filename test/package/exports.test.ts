import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  folderOf,
  jestFolders,
  repositoryRoot,
  type TargetName,
  targetNames,
  targetOf,
} from '../support/targets.ts'

/** Every entry of the package and its values: a change here is a change for users. */
const entries = {
  '.': [
    'Checkpoint',
    'ForkpointError',
    'afterFork',
    'beforeFork',
    'checkpoint',
    'exclude',
    'hostCall',
    'onRollback',
    'rollbackSafe',
    'setup',
  ],
  './adapter': [
    'FileStarts',
    'ForkEngine',
    'ForkpointError',
    'HeapEngine',
    'LearnedModules',
    'Level',
    'NodeModules',
    'Reception',
    'START_FLAGS',
    'Scripts',
    'Zygote',
    'adoptValue',
    'chooseEngine',
    'describeDeath',
    'describeOutcome',
    'describeRecovery',
    'enterRealm',
    'escapePattern',
    'findBoundary',
    'findUnusedRules',
    'formatSummary',
    'gatherHeap',
    'importEagerly',
    'intrinsics',
    'leaveRealm',
    'loadTransform',
    'loadTransformNow',
    'missingFlags',
    'mountMemoryDisk',
    'muteOutput',
    'packRules',
    'planLevels',
    'readScopes',
    'recoverJournals',
    'resolveOptions',
    'serveForks',
    'sharedState',
    'startGuard',
    'startSession',
    'tuningFlags',
    'undoScopeOf',
    'unpackRules',
    'version',
    'watchCalls',
    'watchProcess',
    'writeReportFile',
  ],
  './register': [],
  './vitest': ['default'],
  './vitest/runner': ['default'],
}

/** Where Jest is installed. */
const jestEntries = {
  './jest': ['default', 'withForkpoint'],
  './jest/runner': ['default'],
  './jest-preset': ['default'],
}

/** Runs a module where the built package is installed, as a user would, and reads what it passes to `tell`. */
function runInstalled(name: TargetName | 'jest-30' | 'jest-29', code: string): unknown {
  const tell = 'const tell = value => process.stdout.write(JSON.stringify(value))\n'
  const node = name === 'jest-30' || name === 'jest-29' ? process.execPath : targetOf(name).node
  const told = execFileSync(node, ['--input-type=module', '--eval', tell + code], {
    cwd: folderOf(name),
    encoding: 'utf8',
  })
  return JSON.parse(told)
}

test('package.json names these entries and no others', () => {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'))
  const named = [...Object.keys(entries), ...Object.keys(jestEntries), './package.json']
  expect(Object.keys(manifest.exports)).toEqual(named)
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
      "`import forkpoint from 'forkpoint/vitest'`, or `preset: 'forkpoint'` in Jest. (ERR_FORKPOINT_PLACE)"
    expect(runInstalled(name, code)).toEqual([message, message])
  })

  test('a file that is no entry is out of reach', () => {
    const code = "tell(await import('forkpoint/dist/index.mjs').catch(error => error.code))"
    expect(runInstalled(name, code)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})

describe.each(jestFolders)('installed beside %s', name => {
  test.each(Object.entries(jestEntries))('import and require of %s', (entry, values) => {
    const code = `
      import { createRequire } from 'node:module'
      const required = createRequire(process.cwd() + '/')('forkpoint${entry.slice(1)}')
      const imported = await import('forkpoint${entry.slice(1)}')
      tell([Object.keys(imported).sort(), required.default === imported.default])
    `
    expect(runInstalled(name, code)).toEqual([values, true])
  })
})
