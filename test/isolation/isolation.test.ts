import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import type { Obstacle } from '../../src/engine.ts'
import { startFlags } from '../fork/run-script.ts'
import { describeTree } from '../host/describe-tree.ts'
import { targetOf } from '../support/targets.ts'
import { fill } from './scripts/routes.mjs'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0
const scripts = fileURLToPath(new URL('scripts', import.meta.url))
const root = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-isolation-')))
const library = join(root, 'damage.so')
const ender = join(root, 'end-thread')

beforeAll(() => {
  spawnSync('cc', ['-shared', '-fPIC', '-o', library, join(scripts, 'damage.c')])
  spawnSync('cc', ['-o', ender, join(scripts, 'end-thread.c')])
  spawnSync('chmod', ['755', root])
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Place {
  folder: string
  user: number | undefined
}

function makePlace(user: number | undefined): Place {
  const own = mkdtempSync(join(root, 'place-'))
  const folder = join(own, 'folder')
  mkdirSync(folder)
  fill(folder)
  if (user !== undefined) execFileSync('chown', ['-Rh', `${user}:${user}`, own])
  return { folder, user }
}

function tell({ folder, user }: Place, scenario: string): unknown {
  // It has `node:sqlite`.
  const { node } = targetOf('vitest-5')
  const run = spawnSync(node, [...startFlags, join(scripts, 'isolation.mjs'), scenario], {
    encoding: 'utf8',
    env: {
      ...process.env,
      FOLDER: folder,
      TMPDIR: root,
      HOME: root,
      END_THREAD: ender,
      ...(existsSync(library) && { LIBRARY: library }),
    },
    ...(user !== undefined && { uid: user, gid: user }),
    timeout: 60_000,
  })
  if (run.status !== 0) throw new Error(`${scenario} ended with ${run.signal ?? run.status}:\n${run.stderr}`)
  return JSON.parse(run.stdout)
}

/** Also how many names each file has, and which of them are one. */
function describeWhole(folder: string): Record<string, string> {
  const tree = describeTree(folder)
  const entries = Object.entries(tree).map(([path, words]) => {
    const { nlink, ino, uid, mtimeMs } = lstatSync(join(folder, path))
    return [path, `${words} ${nlink} ${ino} ${uid} ${mtimeMs}`]
  })
  return Object.fromEntries(entries)
}

describe.each([
  ['the user of this run', undefined],
  ['a user without privileges', NOBODY],
])('as %s', (_, user) => {
  /** Skips where the system does not allow it. */
  function makeOrSkip({ skip }: TestContext): Place {
    if (user !== undefined && !isRoot) skip('only root can become another user')
    if (process.platform !== 'linux') skip('overlays are of Linux')
    const readable = spawnSync('test', ['-r', scripts], user === undefined ? {} : { uid: user, gid: user })
    if (readable.status !== 0) skip('that user can not read the repository')
    const place = makePlace(user)
    const refusal = tell(place, 'refusal') as Obstacle | null
    if (refusal !== null) skip(refusal.why)
    return place
  }

  test('nothing that a test does to files is left, by whatever route it does it', context => {
    const place = makeOrSkip(context)
    const before = describeWhole(place.folder)
    const told = tell(place, 'damage') as Record<string, unknown>
    expect(describeWhole(place.folder)).toEqual(before)
    const changed = (path: string): object => ({ changed: [path], created: [], deleted: [] })
    const wanted = {
      captured: changed('captured.txt'),
      promises: { changed: [], created: ['made', 'made/deep', 'made/new.txt'], deleted: ['promises.txt'] },
      stream: changed('stream.txt'),
      report: changed('report.txt'),
      database: changed('database.txt'),
      native: { changed: ['mapped.txt'], created: [], deleted: ['native.txt'] },
      wasi: { changed: [], created: [], deleted: ['wasi.txt'] },
      shell: { changed: [], created: ['new.txt'], deleted: ['shell.txt', 'tree'] },
      thread: changed('thread.txt'),
      late: changed('late.txt'),
      descriptor: changed('descriptor.txt'),
    }
    const { fs, ...others } = told
    expect(others).toEqual(
      Object.fromEntries(Object.keys(others).map(name => [name, Reflect.get(wanted, name)])),
    )
    expect(fs).toMatchObject({ created: ['other-link'], deleted: ['link'] })
    for (const name of ['fs', 'captured', 'promises', 'stream', 'shell', 'wasi', 'thread'])
      expect(told).toHaveProperty(name)
  })

  test('what it leaves running is killed with it, and told of, also when it crashes', context => {
    const told = tell(makeOrSkip(context), 'left') as Record<string, unknown>
    const both = [
      ['child', 'ESRCH'],
      ['orphan', 'ESRCH'],
    ]
    expect(told).toEqual({ asked: both, silent: 2, crashed: both, watched: both, after: [] })
  })

  test('a server of the setup that is reached by a path can be reached', context => {
    expect(tell(makeOrSkip(context), 'socket')).toBe('hello')
  })

  test('what a test sees of the system is what it would see without', context => {
    const { inside, outside } = tell(makeOrSkip(context), 'sight') as Record<string, object>
    expect(inside).toEqual(outside)
  })

  test('what it does below JavaScript is told by the kernel, of all that it starts', context => {
    const { folder, user } = makeOrSkip(context)
    const answer = tell({ folder, user }, 'calls') as { why?: string; told: string[][][]; closed: number[] }
    if (answer.why !== undefined) context.skip(answer.why)
    const wanted = [
      ['open', '', `${folder}/fs.txt`, ''],
      ['execve', expect.any(String), expect.stringMatching(/sh$/), '/bin/sh -c rm shell.txt'],
      ['execve', expect.any(String), expect.stringMatching(/rm$/), 'rm shell.txt'],
      ['unlink', 'rm', `${folder}/shell.txt`, ''],
      ['rename', '', `${folder}/late.txt`, `${folder}/early.txt`],
    ]
    expect(answer.told).toEqual([expect.arrayContaining(wanted), expect.arrayContaining(wanted)])
    // It was only looked at.
    expect(answer.told.flat().filter(([, , path]) => path === folder)).toEqual([])
    // There is nothing that a test could close by mistake.
    expect(answer.closed).toEqual([0, 1])
  })

  test('if what watches its system calls ends, it fails with a message, and does not hang', context => {
    const place = makeOrSkip(context)
    if (!existsSync(ender)) context.skip('there is no C compiler')
    const answer = tell(place, 'unwatched') as string | { why: string }
    if (typeof answer !== 'string' && 'why' in answer) context.skip(answer.why)
    expect(answer).toBe(
      'its process exited with code 95 before it had ended (the thread that watches its system calls failed; ' +
        'the line on its standard error says why)',
    )
  })

  test("with `network: 'loopback'` it reaches what it has started, and nobody else", context => {
    const answer = tell(makeOrSkip(context), 'network') as { why?: string }
    if (answer.why !== undefined) context.skip(answer.why)
    expect(answer).toEqual(['inside', 'ECONNREFUSED', 'ENETUNREACH'])
  })
})
