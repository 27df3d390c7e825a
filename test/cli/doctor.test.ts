import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { version } from '../../src/version.ts'
import { withoutTimes } from '../support/normalise.ts'
import { runForkpoint } from '../support/run-forkpoint.ts'
import { folderOf, targetOf } from '../support/targets.ts'

const empty = mkdtempSync(join(tmpdir(), 'forkpoint-doctor-'))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

/** Whether it can be had is for the system to say. */
const OF_THE_SYSTEM = /^ {13}`(fs: 'overlay'|network: 'loopback'|syscalls: true)`: (yes|no, .+)$/

/** What `forkpoint doctor` prints, line by line, without what only the system decides. */
function doctor(
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  node = process.execPath,
): { exitCode: number | null; stderr: string; lines: string[]; parts: number } {
  const { exitCode, stdout, stderr } = runForkpoint(['doctor'], { cwd, env, node })
  const text = withoutTimes(stdout).replaceAll(release(), '<kernel>').replaceAll(empty, '<empty>')
  const all = text.split('\n')
  const lines = all.filter(line => !OF_THE_SYSTEM.test(line))
  return { exitCode, stderr, lines, parts: all.filter(line => OF_THE_SYSTEM.test(line)).length }
}

const head = (node = process.versions.node): string =>
  `  Forkpoint  ${version} on Node ${node}, ${process.platform}-${process.arch}, kernel <kernel>`
const none = [
  '     Runner  none is installed in <empty>: install vitest@"^4.1.0 || ^5.0.0" or jest@"^29.7.0 || ^30.0.0"',
]
const fork = ['Fork engine  can run: a rollback of next to nothing took <time>']
const heap = [
  'Heap engine  can run: a rollback of next to nothing took <time>',
  '             hidden classes of V8: yes',
  '             log of written memory: yes',
]
const choice = (engine: string): string[] => [
  `     Choice  \`engine: 'auto'\` takes the ${engine} engine here.`,
  '',
]
const noAddon = { FORKPOINT_ADDON: '/nowhere/forkpoint.node' }
const withoutAddon = [
  'Fork engine  can\'t run: the native addon is missing: there is no /nowhere/forkpoint.node (from FORKPOINT_ADDON) (check "addon")',
  '             Remedy: correct or unset FORKPOINT_ADDON.',
]

describe('forkpoint doctor', () => {
  test.each([
    ['vitest-4', 'vitest', process.execPath, '`plugins: [forkpoint()]` in vitest.config.ts'],
    ['vitest-5', 'vitest', targetOf('vitest-5').node, '`plugins: [forkpoint()]` in vitest.config.ts'],
    ['jest-30', 'jest', process.execPath, "`preset: 'forkpoint'` in jest.config.js"],
  ] as const)('beside %s: both engines can run, and the runner is named', (folder, name, node, line) => {
    const manifest = join(folderOf(folder), 'node_modules', name, 'package.json')
    const { version: installed } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    const { exitCode, lines } = doctor(folderOf(folder), {}, node)
    expect(lines).toEqual([
      expect.any(String),
      `     Runner  ${name} ${installed}, set up by ${line}`,
      ...fork,
      ...heap,
      ...choice('fork'),
    ])
    expect(exitCode).toBe(0)
  })

  test('without a runner says what to install', () => {
    expect(doctor(empty)).toEqual({
      exitCode: 0,
      stderr: '',
      // One line for each that says whether it can be had, or why not.
      parts: 3,
      lines: [head(), ...none, ...fork, ...heap, ...choice('fork')],
    })
  })

  test('a runner whose version is not supported is named with the versions that are', () => {
    const folder = join(empty, 'node_modules', 'vitest')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "name": "vitest", "version": "3.2.4" }')
    const { lines } = doctor(empty)
    rmSync(folder, { recursive: true })
    expect(lines[1]).toBe('     Runner  vitest 3.2.4 is not supported: install vitest@"^4.1.0 || ^5.0.0"')
  })

  test('without the addon the heap engine remains, and what it lacks is said', () => {
    const env = { ...noAddon, FORKPOINT_NATIVES: 'off', FORKPOINT_LOG: 'off' }
    expect(doctor(empty, env)).toEqual({
      exitCode: 0,
      stderr: '',
      parts: 0,
      lines: [
        head(),
        ...none,
        ...withoutAddon,
        'Heap engine  can run: a rollback of next to nothing took <time>',
        '             hidden classes of V8: no, FORKPOINT_NATIVES is off; it is slower without',
        '             log of written memory: no, FORKPOINT_LOG is off; it is slower without',
        ...choice('heap'),
      ],
    })
  })

  test('ends with 1 where no engine can run', () => {
    // Starts no process that could say what it found.
    const env = { ...noAddon, NODE_OPTIONS: `--import=${join(empty, 'ends-probes.mjs')}` }
    writeFileSync(
      join(empty, 'ends-probes.mjs'),
      `if (process.argv[1].endsWith('probe.mjs') && process.argv[2] === 'heap') throw new Error('no memory')`,
    )
    const { exitCode, lines } = doctor(empty, env)
    expect(exitCode).toBe(1)
    expect(lines.slice(2, 5)).toEqual([
      ...withoutAddon,
      expect.stringMatching(
        /^Heap engine {2}can't run: a process that was started for it did not say what it found: it ended with 1: Error: no memory \(check "start"\)$/,
      ),
    ])
    expect(lines.slice(5)).toEqual([
      expect.stringMatching(/^ {13}Remedy: see what this prints: node .*probe\.mjs heap\.$/),
      '     Choice  No engine can run here: setups are re-run for every test, as without forkpoint.',
      '',
    ])
  })

  test('a debugger that every process would start is the reason, as in a run', () => {
    expect(doctor(empty, { NODE_OPTIONS: '--inspect=0' }).lines.slice(2, 4)).toEqual([
      'Fork engine  can\'t run: a debugger is attached, and a forked process can not be debugged (check "debugger")',
      '             Remedy: debug without rollback, or run without --inspect.',
    ])
  })
})
