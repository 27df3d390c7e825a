import fs from 'node:fs'
import promises from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startGuard } from '../../src/host/guard/start-guard.ts'
import { watchCalls } from '../../src/host/guard/watched-calls.ts'
import { describeTree } from './describe-tree.ts'

const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'forkpoint-undo-')))
const tree = join(root, 'tree')
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

watchCalls()
const guard = startGuard({
  root,
  scope: 'all',
  rules: [],
  isStrict: false,
  trace: false,
  isOutside: () => false,
})

beforeEach(() => {
  fs.rmSync(tree, { recursive: true, force: true })
  for (const folder of ['sub/deep', 'empty']) fs.mkdirSync(join(tree, folder), { recursive: true })
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt', 'sub/deep/d.txt'])
    writeAged(join(tree, name), `content of ${name}`)
  fs.symlinkSync('sub/c.txt', join(tree, 'link'))
  fs.chmodSync(join(tree, 'b.txt'), 0o640)
  fs.utimesSync(join(tree, 'a.txt'), 1000, 1000.25)
})

/** Times are put back to the microsecond. */
function writeAged(path: string, content: string): void {
  fs.writeFileSync(path, content)
  fs.utimesSync(path, 2000, 2000)
}

const at = (name: string): string => join(tree, name)
const watched = { file: 'a.test.ts', place: { suite: '', test: 'changes' }, isRolledBack: true }

/** Runs code as a test, and undoes it; what the tree was before, in between, and after. */
async function runAsTest(body: () => unknown): Promise<{ changed: boolean; failed: unknown[] }> {
  const before = describeTree(tree)
  guard.beginTest({ ...watched, journal: 'test' })
  await body()
  await guard.endTest()
  const during = describeTree(tree)
  const { failed } = guard.undo('test', watched)
  expect({ failed, tree: describeTree(tree) }).toEqual({ failed: [], tree: before })
  return { changed: JSON.stringify(before) !== JSON.stringify(during), failed }
}

const write = async (stream: fs.WriteStream): Promise<void> => {
  await new Promise<void>((resolve, reject) => stream.on('error', reject).end('streamed', () => resolve()))
}
const call = (run: (done: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => run(error => (error ? reject(error) : resolve())))

const changes: Record<string, () => unknown> = {
  'writeFileSync over a file': () => fs.writeFileSync(at('a.txt'), 'x'),
  'writeFileSync of a new file': () => fs.writeFileSync(at('new.txt'), 'x'),
  'writeFileSync through a link': () => fs.writeFileSync(at('link'), 'x'),
  'writeFile with a callback': () => call(done => fs.writeFile(at('a.txt'), 'x', done)),
  'promises.writeFile': () => promises.writeFile(at('a.txt'), 'x'),
  'promises.writeFile of a new file': () => promises.writeFile(at('new.txt'), 'x'),
  appendFileSync: () => fs.appendFileSync(at('a.txt'), 'x'),
  'promises.appendFile': () => promises.appendFile(at('sub/c.txt'), 'x'),
  truncateSync: () => fs.truncateSync(at('a.txt'), 3),
  'a descriptor': () => {
    const fd = fs.openSync(at('a.txt'), 'r+')
    fs.writeSync(fd, 'xyz')
    fs.ftruncateSync(fd, 5)
    fs.fchmodSync(fd, 0o600)
    fs.closeSync(fd)
  },
  'a FileHandle': async () => {
    const handle = await promises.open(at('a.txt'), 'r+')
    await handle.write('xyz')
    await handle.truncate(4)
    await handle.chmod(0o600)
    await handle.close()
  },
  createWriteStream: () => write(fs.createWriteStream(at('a.txt'))),
  'createWriteStream of a new file': () => write(fs.createWriteStream(at('new.txt'))),
  copyFileSync: () => fs.copyFileSync(at('a.txt'), at('b.txt')),
  'cpSync of a tree': () => fs.cpSync(at('sub'), at('copy'), { recursive: true }),
  'promises.cp over a tree': () => promises.cp(at('sub'), at('empty'), { recursive: true }),
  mkdirSync: () => fs.mkdirSync(at('new')),
  'mkdirSync, recursive, and files in it': () => {
    fs.mkdirSync(at('new/deep/er'), { recursive: true })
    fs.writeFileSync(at('new/deep/er/file'), 'x')
  },
  mkdtempSync: () => fs.writeFileSync(join(fs.mkdtempSync(at('temporary-')), 'file'), 'x'),
  'promises.mkdtemp': async () =>
    fs.writeFileSync(join(await promises.mkdtemp(at('temporary-')), 'file'), 'x'),
  unlinkSync: () => fs.unlinkSync(at('a.txt')),
  'unlinkSync of a link': () => fs.unlinkSync(at('link')),
  'rmSync of a tree': () => fs.rmSync(at('sub'), { recursive: true }),
  'promises.rm of a tree': () => promises.rm(at('sub'), { recursive: true }),
  'rmSync of a tree, and others in its place': () => {
    fs.rmSync(at('sub'), { recursive: true })
    fs.mkdirSync(at('sub/deep'), { recursive: true })
    fs.writeFileSync(at('sub/deep/d.txt'), 'another')
    fs.writeFileSync(at('sub/deep/e.txt'), 'one more')
  },
  'rmdirSync of an empty folder': () => fs.rmdirSync(at('empty')),
  'a file where a folder was': () => {
    fs.rmdirSync(at('empty'))
    fs.writeFileSync(at('empty'), 'x')
  },
  'renameSync of a file': () => fs.renameSync(at('a.txt'), at('z.txt')),
  'renameSync over a file': () => fs.renameSync(at('a.txt'), at('b.txt')),
  'renameSync of a tree, and changes in it': () => {
    fs.renameSync(at('sub'), at('other'))
    fs.writeFileSync(at('other/c.txt'), 'changed')
    fs.rmSync(at('other/deep'), { recursive: true })
  },
  'promises.rename': () => promises.rename(at('sub/c.txt'), at('c.txt')),
  symlinkSync: () => fs.symlinkSync('a.txt', at('new')),
  linkSync: () => fs.linkSync(at('a.txt'), at('new')),
  chmodSync: () => fs.chmodSync(at('a.txt'), 0o400),
  utimesSync: () => fs.utimesSync(at('b.txt'), 5, 5),
  'promises.chmod': () => promises.chmod(at('a.txt'), 0o600),
  'a file that is made and removed': () => {
    fs.writeFileSync(at('new.txt'), 'x')
    fs.unlinkSync(at('new.txt'))
  },
}

describe('what a test does to the disk is undone', () => {
  test.each(Object.entries(changes))('%s', async (name, change) => {
    const { changed, failed } = await runAsTest(change)
    expect({ changed, failed }).toEqual({ changed: !name.includes('made and removed'), failed: [] })
  })
})

test('calls that fail are undone too, and change nothing', async () => {
  const { changed } = await runAsTest(() => {
    expect(() => fs.writeFileSync(at('no/such'), 'x')).toThrow('ENOENT')
    expect(() => fs.rmdirSync(at('sub'))).toThrow('ENOTEMPTY')
    expect(() => fs.mkdirSync(at('sub'))).toThrow('EEXIST')
    expect(() => fs.renameSync(at('no'), at('other'))).toThrow('ENOENT')
  })
  expect(changed).toBe(false)
})

test('what somebody else has changed in the meantime stays, and the report names it and where the old content is', async () => {
  guard.beginTest({ ...watched, journal: 'test' })
  fs.writeFileSync(at('a.txt'), 'by the test')
  fs.writeFileSync(at('b.txt'), 'by the test')
  await guard.endTest()
  guard.takeFindings()
  // Nobody watches now: as if it were another process.
  fs.writeFileSync(at('a.txt'), 'by another process')
  const { undone, failed } = guard.undo('test', watched)
  expect(undone).toBe(1)
  expect(failed).toEqual([
    { path: at('a.txt'), why: 'another process has changed it since', kept: expect.any(String) },
  ])
  const [{ kept = '' } = {}] = failed as Array<{ kept?: string | null }>
  expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('by another process')
  expect(fs.readFileSync(at('b.txt'), 'utf8')).toBe('content of b.txt')
  expect(fs.readFileSync(String(kept), 'utf8')).toBe('content of a.txt')
  expect(guard.takeFindings()).toMatchObject([
    {
      kind: 'unrestorable',
      resource: at('a.txt'),
      detail: `${at('a.txt')} could not be put back: another process has changed it since; its content before the test is in ${kept}.`,
      file: 'a.test.ts',
      test: 'changes',
    },
  ])
})

test('what is too large to be kept is not undone, and is a finding', async () => {
  fs.truncateSync(at('a.txt'), 300 * 2 ** 20)
  guard.beginTest({ ...watched, journal: 'test' })
  fs.unlinkSync(at('a.txt'))
  await guard.endTest()
  guard.undo('test', watched)
  expect(fs.existsSync(at('a.txt'))).toBe(false)
  expect(guard.takeFindings()).toMatchObject([
    {
      kind: 'host-call',
      nature: 'unsafe',
      call: 'fs.unlinkSync',
      resource: at('a.txt'),
      detail: expect.stringContaining('a test keeps no more than 256 MB'),
      site: expect.stringContaining('disk-undo.test.ts'),
    },
  ])
})

describe('random sequences of calls', () => {
  const names = [
    'a.txt',
    'b.txt',
    'sub',
    'sub/c.txt',
    'sub/deep',
    'sub/deep/d.txt',
    'new',
    'new/e',
    'link',
    'empty',
  ]
  const makeRandom = (seed: number) => {
    let state = seed
    return (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return (state >>> 8) % below
    }
  }
  /** Node 22 and later abort when something is copied over a link to nothing. */
  const leadsNowhere = (path: string): boolean =>
    !fs.existsSync(path) && fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined
  const seeds = Array.from({ length: 100 }, (_, index) => index + Number(process.env.FORKPOINT_SEED ?? 1))

  test.each(seeds)('%i', async seed => {
    const random = makeRandom(seed)
    const some = (): string => at(names[random(names.length)] ?? '')
    const calls = [
      () => fs.writeFileSync(some(), 'x'.repeat(random(20))),
      () => promises.writeFile(some(), 'y'),
      () => fs.appendFileSync(some(), 'more'),
      () => fs.mkdirSync(some(), { recursive: true }),
      () => fs.rmSync(some(), { recursive: true, force: true }),
      () => promises.rm(some(), { recursive: true }),
      () => fs.renameSync(some(), some()),
      () => promises.rename(some(), some()),
      () => {
        const [from, to] = [some(), some()]
        if (!leadsNowhere(to)) fs.cpSync(from, to, { recursive: true })
      },
      () => fs.copyFileSync(some(), some()),
      () => fs.chmodSync(some(), 0o600 + random(2) * 0o100),
      () => fs.symlinkSync('a.txt', some()),
      () => fs.linkSync(some(), some()),
      () => fs.truncateSync(some(), random(3)),
      () => fs.utimesSync(some(), random(1000), random(1000)),
      () => fs.rmdirSync(some()),
      () => write(fs.createWriteStream(some())),
    ]
    const { failed } = await runAsTest(async () => {
      for (let i = 0; i < 30; i++) {
        try {
          await calls[random(calls.length)]?.()
        } catch {
          // Most calls of a random program fail.
        }
      }
    })
    expect(failed).toEqual([])
  })
})
