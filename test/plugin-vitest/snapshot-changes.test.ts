import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SnapshotState } from '@vitest/snapshot'
import { NodeSnapshotEnvironment } from '@vitest/snapshot/environment'
import { afterEach, expect, test } from 'vitest'
import {
  applySnapshotChanges,
  type SnapshotState as Internals,
  snapshotStateOf,
  watchSnapshots,
} from '../../plugin-vitest/snapshot-changes.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Vitest's own record of the snapshots of one test file, in a folder of its own. */
class Recorded {
  readonly folder: string
  readonly state: SnapshotState

  private constructor(folder: string, state: SnapshotState) {
    this.folder = folder
    this.state = state
  }

  static async open({ stored = '', code = '', update = 'new' as 'new' | 'all' | 'none' }): Promise<Recorded> {
    const folder = mkdtempSync(join(tmpdir(), 'forkpoint-'))
    folders.push(folder)
    mkdirSync(join(folder, '__snapshots__'))
    writeFileSync(join(folder, 'a.test.js'), code)
    if (stored !== '') {
      const header = '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\n'
      writeFileSync(join(folder, '__snapshots__', 'a.test.js.snap'), header + stored)
    }
    const state = await SnapshotState.create(join(folder, 'a.test.js'), {
      updateSnapshot: update,
      snapshotEnvironment: new NodeSnapshotEnvironment(),
    })
    return new Recorded(folder, state)
  }

  get internals(): Internals {
    return this.state as unknown as Internals
  }

  named(id: string, received: unknown, testName = `test ${id}`): boolean {
    return this.state.match({ testId: id, testName, received, isInline: false }).pass
  }

  /** As `toMatchInlineSnapshot()` on this line of the file, where it stands at this column. */
  inline(id: string, received: unknown, line: number, column: number): boolean {
    const error = new Error('snapshot')
    const place = `${join(this.folder, 'a.test.js')}:${line}:${column}`
    error.stack = `Error: snapshot\n    at __INLINE_SNAPSHOT__ (a.js:1:1)\n    at Proxy.a (a.js:1:1)\n    at ${place}`
    return this.state.match({ testId: id, testName: `test ${id}`, received, isInline: true, error }).pass
  }

  file(id: string, received: string): boolean {
    const rawSnapshot = { file: join(this.folder, `${id}.txt`) }
    return this.state.match({ testId: id, testName: `test ${id}`, received, isInline: false, rawSnapshot })
      .pass
  }

  /** What Vitest would report of the file, and the files it has written. */
  async end(): Promise<unknown> {
    const read = (name: string): string | null => {
      const path = join(this.folder, name)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    }
    const { filepath: _, ...summary } = await this.state.pack()
    return {
      summary,
      stored: read('__snapshots__/a.test.js.snap'),
      code: read('a.test.js'),
      raw: read('b.txt'),
    }
  }
}

interface Story {
  setting: Parameters<typeof Recorded.open>[0]
  /** Outside, before the branch. */
  before?(record: Recorded): void
  branch(record: Recorded): void
  /** Outside, after the branch. */
  after?(record: Recorded): void
  /** Tests of the branch. */
  ids?: string[]
}

const stored = 'exports[`test a 1`] = `1`;\n\nexports[`test b 1`] = `2`;\n\nexports[`test gone 1`] = `3`;\n'
const code = 'expect(1).toMatchInlineSnapshot()\nexpect(2).toMatchInlineSnapshot()\n'
const column = code.indexOf('toMatch') + 1

const stories: Array<[what: string, story: Story]> = [
  [
    'new snapshots',
    {
      setting: {},
      before: record => record.named('a', 1),
      branch: record => record.named('b', 2) && record.named('b', { three: 3 }),
      after: record => record.named('c', 4),
    },
  ],
  [
    'stored snapshots, matched, and one that nothing asked for',
    {
      setting: { stored },
      branch: record => record.named('b', 2),
      after: record => record.named('a', 1),
    },
  ],
  [
    'a mismatch',
    {
      setting: { stored },
      branch: record => record.named('b', 'other'),
      after: record => record.named('a', 1),
    },
  ],
  [
    'everything updated',
    {
      setting: { stored, update: 'all' },
      branch: record => record.named('b', 'other') && record.named('a', 1),
      ids: ['a', 'b'],
    },
  ],
  [
    'nothing written, as in CI',
    { setting: { stored, update: 'none' }, branch: record => record.named('b', 2) && record.named('b', 3) },
  ],
  [
    'inline snapshots, and one in a file',
    {
      setting: { code },
      before: record => record.inline('a', 1, 1, column),
      branch: record => record.inline('b', 2, 2, column) && record.file('b', 'in a file\n'),
    },
  ],
  [
    'an inline snapshot that tests outside, in the branch and after it share',
    {
      setting: { code },
      before: record => record.inline('a', 1, 1, column),
      branch: record => record.inline('b', 1, 1, column),
      after: record => record.inline('c', 1, 1, column),
    },
  ],
  [
    'a test that was tried twice',
    {
      setting: {},
      branch: record => {
        record.named('b', 'first try')
        record.state.clearTest('b')
        record.named('b', 'second try')
      },
    },
  ],
  [
    'a test that skipped itself',
    { setting: { stored }, branch: record => record.state.markSnapshotsAsCheckedForTest('test b') },
  ],
  [
    'one name used outside, in the branch and after it',
    {
      setting: {},
      before: record => record.named('a', 1, 'shared'),
      branch: record => record.named('b', 2, 'shared'),
      after: record => record.named('c', 3, 'shared'),
    },
  ],
  [
    'the rest of a suite whose first tests ran outside',
    {
      setting: { stored },
      before: record => record.named('a', 1) && record.named('new', 5),
      branch: record => record.named('b', 2),
      ids: ['a', 'b', 'new'],
    },
  ],
]

test.each(stories)(
  'as if there had been no branch: %s',
  async (_, { setting, before, branch, after, ids }) => {
    const plain = await Recorded.open(setting)
    before?.(plain)
    branch(plain)
    after?.(plain)

    const outside = await Recorded.open(setting)
    const inside = await Recorded.open(setting)
    before?.(outside)
    before?.(inside)
    const tellChanges = watchSnapshots(inside.internals)
    branch(inside)
    const sent = JSON.stringify(tellChanges(new Set(ids ?? ['b'])))
    // The two sides of a branch see one folder.
    applySnapshotChanges(outside.internals, JSON.parse(sent.replaceAll(inside.folder, outside.folder)))
    after?.(outside)

    expect(await outside.end()).toEqual(await plain.end())
  },
)

test('a different value at the place of an inline snapshot of the branch is refused', async () => {
  const outside = await Recorded.open({ code })
  const tellChanges = watchSnapshots(outside.internals)
  outside.inline('a', 1, 1, column)
  const after = await Recorded.open({ code })
  const sent = JSON.stringify(tellChanges(new Set(['a'])))
  applySnapshotChanges(after.internals, JSON.parse(sent.replaceAll(outside.folder, after.folder)))
  expect(() => after.inline('b', 2, 1, column)).toThrow(
    'toMatchInlineSnapshot with different snapshots cannot be called at the same location',
  )
})

test('a client without the record is told as a version of Vitest that is different', () => {
  const message =
    '[forkpoint] This version of Vitest keeps its state differently: the snapshot state is missing. Set `engine: ' +
    "'off'` in the options of forkpoint/vitest, and report it with the version of Vitest. (ERR_FORKPOINT_CONFIG)"
  expect(() => snapshotStateOf({}, 'a.test.js')).toThrow(message)
  expect(() => snapshotStateOf({ snapshotClient: { getSnapshotState: () => ({}) } }, 'a.test.js')).toThrow(
    message,
  )
})
