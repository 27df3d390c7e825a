import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { type UndoResult, undoJournal } from '../../src/host/journal/undo.ts'
import { JournalUnit } from '../../src/host/journal/unit.ts'
import { repositoryRoot } from '../support/targets.ts'
import { describeTree } from './describe-tree.ts'

const script = join(repositoryRoot, 'test/host/scripts/faults.mjs')

let root = ''
let tree = ''
let before: Record<string, string> = {}
const at = (name: string): string => join(tree, name)

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'forkpoint-faults-')))
  tree = join(root, 'tree')
  fs.mkdirSync(at('sub'), { recursive: true })
  const contents: Record<string, string> = { 'a.txt': 'a', 'sub/c.txt': 'c', 'secret.txt': 's' }
  for (let n = 0; n < 12; n++) {
    contents[`large-${n}.txt`] = String(n).repeat(9000)
    contents[`small-${n}.txt`] = `small ${n}`
  }
  contents['huge.txt'] = 'h'.repeat(50_000)
  for (const [name, content] of Object.entries(contents)) {
    fs.writeFileSync(at(name), content)
    fs.utimesSync(at(name), 2000, 2000)
  }
  fs.mkdirSync(join(root, 'node_modules'))
  before = describeTree(tree)
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

interface Told extends UndoResult {
  findings: Finding[]
}

/** Where the script may write: it is nobody, if these tests are root's. */
function giveAway(): void {
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', root])
}

/** @param blocks the most that a file may have from here on, in units of the shell: 512 or 1024 bytes */
function run(fault: string, blocks: number | 'unlimited' = 'unlimited'): Told {
  const command = ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, script, root, fault]
  const { stdout, stderr } = spawnSync('sh', command, { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Told
}

/** Of the tree, what is not as it was. */
function changed(): string[] {
  const now = describeTree(tree)
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    name => before[name] !== now[name],
  )
}

describe('the disk is full', () => {
  test('what the journal has no space for is reported by its path, and all else is put back', () => {
    // Two large contents and all small ones fit, or four, with room to spare: a line is as long as a path and the digits of an inode.
    const { failed, findings } = run('no space for the journal', 56)
    expect(failed).toEqual([])
    const names = changed()
    expect(names.length).toBeGreaterThan(0)
    expect(names.length).toBeLessThan(12)
    expect(names.filter(name => !name.startsWith('large-'))).toEqual([])
    expect(findings.map(({ nature, call, resource }) => [nature, call, resource])).toEqual(
      names.map(name => ['unsafe', 'fs.writeFileSync', at(name)]).sort(),
    )
    for (const { detail, resource } of findings) {
      expect(detail).toContain(`what was at ${resource} could not be kept: EFBIG: file too large`)
    }
  })

  test('what there is no space to put back stays in the journal, and the next run puts it back', () => {
    giveAway()
    expect(() => run('an end by force')).toThrow()
    expect(changed()).toEqual(['a.txt', 'large-0.txt', 'huge.txt'].sort())
    const { undone, failed } = run('recover', 4)
    expect(undone).toBe(1)
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('a')
    expect(failed.map(({ path }) => path).sort()).toEqual([at('huge.txt'), at('large-0.txt')])
    for (const { path, why, kept } of failed) {
      expect(why).toContain('EFBIG: file too large')
      expect(fs.readFileSync(String(kept), 'utf8')).toContain(JSON.stringify(path))
    }
    expect(fs.readdirSync(tree).filter(name => name.startsWith('.forkpoint'))).toEqual([])
    const again = run('recover')
    expect(again.failed).toEqual([])
    expect(changed()).toEqual([])
    expect(fs.readdirSync(join(root, 'node_modules/.cache/forkpoint/journal'))).toEqual([])
  })
})

describe('permission is denied', () => {
  test('folders that a test has closed are opened for the undo, and have their modes again', () => {
    giveAway()
    const { failed, findings } = run('a folder that is closed')
    expect({ failed, findings, changed: changed() }).toEqual({ failed: [], findings: [], changed: [] })
  })

  test('what may not be read is not kept, and reported by its path', () => {
    giveAway()
    fs.chmodSync(at('secret.txt'), 0)
    const { failed, findings } = run('a file that nobody may read')
    expect(failed).toEqual([])
    expect(changed()).toEqual(['secret.txt'])
    expect(findings).toMatchObject([{ nature: 'unsafe', call: 'fs.unlinkSync', resource: at('secret.txt') }])
    expect(findings[0]?.detail).toContain(
      `what was at ${at('secret.txt')} could not be kept: EACCES: permission denied`,
    )
  })

  test('without a journal nothing is undone, and every call is reported with what was denied', () => {
    giveAway()
    fs.mkdirSync(join(root, 'node_modules/.cache/forkpoint'), { recursive: true })
    fs.chmodSync(join(root, 'node_modules/.cache/forkpoint'), 0o555)
    const { failed, findings } = run('no permission for the journal')
    expect(failed).toEqual([])
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('changed')
    expect(findings).toMatchObject([{ nature: 'unsafe', call: 'fs.writeFileSync', resource: at('a.txt') }])
    expect(findings[0]?.detail).toMatch(/could not be kept: EACCES: permission denied, mkdir '.*journal/)
  })

  test('what may not be put back is named, with the file that has its content; all else is put back', () => {
    giveAway()
    const { undone, failed, findings } = run('a folder that nobody may write to')
    expect(undone).toBe(1)
    expect(failed).toEqual([
      {
        path: at('sub/c.txt'),
        why: expect.stringContaining('EACCES: permission denied'),
        kept: expect.any(String),
      },
    ])
    expect(fs.readFileSync(String(failed[0]?.kept), 'utf8')).toBe('c')
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('a')
    expect(findings).toMatchObject([{ kind: 'unrestorable', resource: at('sub/c.txt') }])
  })
})

describe('a path has vanished', () => {
  const keptFolder = (): string => join(root, 'kept')
  const journal = (): string => join(root, 'journal', 'test.log')

  test('with its folder: the path is named, and its content is kept', () => {
    const unit = new JournalUnit(journal())
    expect(unit.touch(at('sub/c.txt'), 'content')).toBeNull()
    fs.writeFileSync(at('sub/c.txt'), 'changed')
    // The test did not come to its end, so that nobody knows what it has left.
    fs.rmSync(at('sub'), { recursive: true })
    const { undone, failed } = undoJournal(journal(), { keptFolder: keptFolder() })
    expect(undone).toBe(0)
    expect(failed).toEqual([
      { path: at('sub/c.txt'), why: 'a folder on the way to it is gone', kept: expect.any(String) },
    ])
    expect(fs.readFileSync(String(failed[0]?.kept), 'utf8')).toBe('c')
    expect(fs.existsSync(journal())).toBe(false)
  })

  test('from the journal: what was kept in a file of its own is named, and all else is put back', () => {
    const unit = new JournalUnit(journal())
    for (const name of ['huge.txt', 'a.txt']) {
      expect(unit.touch(at(name), 'content')).toBeNull()
      fs.writeFileSync(at(name), 'changed')
      unit.settle(at(name))
    }
    expect(unit.seal()).toBeNull()
    fs.unlinkSync(`${journal()}.1`)
    const { undone, failed } = undoJournal(journal(), { keptFolder: keptFolder() })
    expect([undone, failed.map(({ path }) => path)]).toEqual([1, [at('huge.txt')]])
    expect(failed[0]?.why).toContain('ENOENT: no such file or directory')
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('a')
  })

  test('the whole journal: the test itself can tell', () => {
    const unit = new JournalUnit(journal())
    unit.touch(at('a.txt'), 'content')
    fs.rmSync(join(root, 'journal'), { recursive: true })
    expect(unit.seal()).toBe('the journal of the test was removed while it ran')
    expect(unit.paths).toEqual([at('a.txt')])
  })
})

test('a journal of which lines are damaged is used as far as it can be read, and the report says so', () => {
  const log = join(root, 'journal', 'test.log')
  const unit = new JournalUnit(log)
  for (const name of ['a.txt', 'sub/c.txt', 'small-1.txt']) {
    unit.touch(at(name), 'content')
    fs.writeFileSync(at(name), 'changed')
  }
  const lines = fs.readFileSync(log, 'utf8').split('\n')
  fs.writeFileSync(log, [lines[0], `\0\0${lines[1]?.slice(0, 20)}`, ...lines.slice(2)].join('\n'))
  const { undone, failed } = undoJournal(log, { keptFolder: join(root, 'kept') })
  expect(undone).toBe(2)
  expect(failed).toEqual([
    {
      path: log,
      why: "a line of this journal can't be read, and nobody knows what is not undone for it",
      kept: expect.any(String),
    },
  ])
  expect(fs.readFileSync(String(failed[0]?.kept), 'utf8')).toContain('\0\0')
  expect(changed()).toEqual(['sub/c.txt'])
})

test('what was not kept is never removed for something that is to come back', () => {
  const log = join(root, 'journal', 'test.log')
  const unit = new JournalUnit(log)
  // Only the attributes are kept: then another file takes its place, and there is no space to keep it.
  unit.touch(at('a.txt'), 'attributes')
  fs.renameSync(at('small-1.txt'), at('a.txt'))
  const { failed } = undoJournal(log, { keptFolder: join(root, 'kept') })
  expect(failed).toEqual([{ path: at('a.txt'), why: 'what was there could not be kept', kept: null }])
  expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('small 1')
})
