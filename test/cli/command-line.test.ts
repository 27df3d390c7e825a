import { describe, expect, test } from 'vitest'
import { version } from '../../src/version.ts'
import { runForkpoint } from '../support/run-forkpoint.ts'

const help = `forkpoint ${version}: runs the setup of a test suite once, and rolls back before every test

Usage: forkpoint COMMAND

  doctor                                         prints which engines can run here and, for each that can't, why and what to do
  try [--runner NAME] [-- RUNNER ARGUMENTS]      runs the project's suite as it is and with forkpoint, and says whether that pays
  report FILE [--html OUT]                       prints a report file for people, or makes a page of it
  profile [--runner NAME] [-- RUNNER ARGUMENTS]  prints what setups and tests allocate, and what checkpoints are made of
  explain CALL                                   prints a host call's nature, effect, undo and advice, from the catalogue

\`forkpoint COMMAND --help\` says more of one, \`forkpoint --version\` prints the version.
`

const helpOfExplain = `Usage: forkpoint explain CALL

Prints a host call's nature, effect, undo and advice, from the catalogue.
CALL is a function of Node by its whole name: \`fs.rmSync\`, \`node:fs/promises.rm\`, \`fetch\`.
`

describe('help', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('forkpoint %j lists the commands', args => {
    expect(runForkpoint(args)).toEqual({ exitCode: 0, stdout: help, stderr: '' })
  })

  test.each([
    [['explain', '--help']],
    [['explain', '-h']],
    [['explain', 'fs.rmSync', '--help']],
    [['help', 'explain']],
  ])('forkpoint %j says what one is for', args => {
    expect(runForkpoint(args)).toEqual({ exitCode: 0, stdout: helpOfExplain, stderr: '' })
  })

  test.each(['--version', '-v'])('forkpoint %s prints the version', flag => {
    expect(runForkpoint([flag])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })
})

test.each([
  [['explian', 'fs.rmSync'], 'Unknown command `explian`; did you mean `explain`?'],
  [['help', 'explian'], 'Unknown command `explian`; did you mean `explain`?'],
  [['frobnicate'], 'Unknown command `frobnicate`; there are `doctor`, `try`, `report`, `profile`, `explain`'],
  [['explain'], '`forkpoint explain` was given no CALL; write `forkpoint explain CALL`'],
  [
    ['explain', 'fs.rm', 'fs.cp'],
    '`forkpoint explain` does not take `fs.cp`; write `forkpoint explain CALL`',
  ],
  [['explain', 'fs.rm', '--hlep'], '`forkpoint explain` has no flag `--hlep`; did you mean `--help`?'],
  [['explain', 'fs.rm', '--json'], '`forkpoint explain` has no flag `--json`; it has `--help`'],
  [['explain', 'fs.rm', '-x'], '`forkpoint explain` has no flag `-x`; it has `--help`'],
  [['explain', 'fs.rm', '--help=all'], '`--help` was given `all`; it takes no value'],
  [
    ['explain', 'fs.rm', '--', 'x'],
    '`forkpoint explain` takes nothing after `--`; write `forkpoint explain CALL`',
  ],
  [
    ['explain', 'fs.writFileSync'],
    `Failed to explain \`fs.writFileSync\`: Node ${process.versions.node} has no such call; did you mean \`fs.writeFileSync\`?`,
  ],
])('forkpoint %j is an error with the remedy, and without a stack', (args, message) => {
  expect(runForkpoint(args)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `[forkpoint] ${message} (ERR_FORKPOINT_OPTION)\n`,
  })
})

test('forkpoint explain fs.rmSync prints what the catalogue says of it', () => {
  expect(runForkpoint(['explain', 'fs.rmSync'])).toEqual({
    exitCode: 0,
    stdout: `fs.rmSync
  Nature   compensable, undone by what was there before the first change, which is kept
  Effect   fs.delete: it removes a file or folder
  Depends  more than can be kept: unsafe; nothing there: safe
  Memory   with \`fs: 'memory'\` it is done in memory, and rolled back with it
  Seen     by the guard
  Advice   It is gone for the tests that follow. Remove copies only, or use \`fs: 'memory'\` or \`fs: 'journal'\`.
`,
    stderr: '',
  })
})
