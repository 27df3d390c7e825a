import { once } from 'node:events'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mountMemoryDisk } from '../../../src/host/memory-disk/mount.ts'
import { cjs, loadOutsider, loadReaders } from './access/load.ts'

const home = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'forkpoint-mount-'))
fs.writeFileSync(join(home, 'real.txt'), 'on the disk')

// Both are loaded before the disk of memory is there.
const readers = await loadReaders()
const untouched = { ...fs }
const mount = mountMemoryDisk({ isOutside: file => file.endsWith('outsider.mjs') })
const at = (name: string): string => join(home, name)

beforeEach(() => mount.activate())
afterEach(() => {
  mount.deactivate()
  mount.disk.clear()
})
afterAll(() => {
  mount.undo()
  fs.rmSync(home, { recursive: true })
})

describe('who sees what is written', () => {
  beforeEach(() => fs.writeFileSync(at('new.txt'), 'in memory'))

  test.each(Object.entries(readers))('an ES module, by %s', async (name, read) => {
    if (name === 'relative') return expect(readRelative(read)).toBe('in memory')
    expect(await read(at('new.txt'))).toBe('in memory')
  })

  test('a CommonJS module that was loaded before', async () => {
    expect(cjs.member(at('new.txt'))).toBe('in memory')
    expect(cjs.required(at('new.txt'))).toBe('in memory')
    expect(await cjs.promised(at('new.txt'))).toBe('in memory')
  })

  test('not who took the function before', () => {
    expect(() => cjs.taken(at('new.txt'))).toThrow('ENOENT: no such file or directory')
  })

  test('nobody, when the disk of memory is not active', () => {
    mount.deactivate()
    expect(fs.existsSync(at('new.txt'))).toBe(false)
    mount.activate()
    expect(fs.existsSync(at('new.txt'))).toBe(true)
  })

  test('not the code that is said to be outside, whose writes are real', async () => {
    const { write } = await loadOutsider()
    await write(at('report.txt'), 'of the run')
    mount.deactivate()
    expect([fs.readFileSync(at('report.txt'), 'utf8'), fs.existsSync(at('new.txt'))]).toEqual([
      'of the run',
      false,
    ])
    fs.rmSync(at('report.txt'))
  })

  function readRelative(read: (file: string) => unknown): unknown {
    const before = process.cwd
    process.cwd = () => home
    try {
      return read(at('new.txt'))
    } finally {
      process.cwd = before
    }
  }
})

test('nothing is written to the real disk, and all of it is described', () => {
  fs.appendFileSync(at('real.txt'), '!')
  fs.mkdirSync(at('a/b'), { recursive: true })
  fs.symlinkSync('b', at('a/link'))
  fs.writeFileSync(at('a/b/c'), 'x', { mode: 0o600 })
  fs.renameSync(at('real.txt'), at('moved.txt'))
  const described = Object.entries(mount.disk.describe()).filter(([path]) => path.startsWith(`${home}/`))
  expect(Object.fromEntries(described.map(([path, what]) => [path.slice(home.length + 1), what]))).toEqual({
    a: 'directory 0755',
    'a/b': 'directory 0755',
    'a/b/c': 'file 0600 1',
    'a/link': 'link -> b',
    'moved.txt': 'file 0644 12',
    'real.txt': 'gone',
  })
  expect(untouched.readdirSync(home)).toEqual(['real.txt'])
})

test('what was kept comes back as it was: bytes, times, links, and descriptors at their position', () => {
  const fd = fs.openSync(at('log'), 'w+')
  fs.writeSync(fd, 'one')
  fs.linkSync(at('log'), at('again'))
  fs.utimesSync(at('log'), 1, 2)
  const kept = mount.disk.keep()
  for (const round of ['first', 'second']) {
    fs.writeSync(fd, round)
    fs.appendFileSync(at('again'), '!')
    fs.rmSync(at('log'))
    mount.disk.putBack(kept)
    expect([
      fs.readFileSync(at('again'), 'utf8'),
      fs.statSync(at('log')).nlink,
      fs.fstatSync(fd).mtimeMs,
    ]).toEqual(['one', 2, 2000])
  }
  fs.writeSync(fd, ' two')
  expect(fs.readFileSync(at('again'), 'utf8')).toBe('one two')
  fs.closeSync(fd)
  expect(() => fs.fstatSync(fd)).toThrow('EBADF: bad file descriptor, fstat')
})

test('callbacks come in a later turn, with the results and errors of Node', async () => {
  let isLater = false
  const done = promisify(fs.writeFile)(at('x'), 'abc').then(() => expect(isLater).toBe(true))
  isLater = true
  await done
  const fd = await promisify(fs.open)(at('x'), 'r+')
  const into = Buffer.alloc(2)
  expect(await promisify(fs.read)(fd, into, 0, 2, 1)).toEqual({ bytesRead: 2, buffer: into })
  expect(await promisify(fs.write)(fd, 'xyz', 1, 'utf8')).toEqual({ bytesWritten: 3, buffer: 'xyz' })
  await promisify(fs.close)(fd)
  expect(await promisify(fs.exists)(at('x'))).toBe(true)
  expect(await promisify(fs.exists)(at('y'))).toBe(false)
  await expect(promisify(fs.stat)(at('x/y'))).rejects.toMatchObject({
    message: `ENOTDIR: not a directory, stat '${at('x/y')}'`,
    errno: -20,
    code: 'ENOTDIR',
    syscall: 'stat',
    path: at('x/y'),
  })
  // @ts-expect-error: without a callback
  expect(() => fs.readFile(at('x'))).toThrow('The "cb" argument must be of type function.')
  expect(() => fs.chmod(at('x'), 'rwx', () => {})).toThrow(
    "The argument 'mode' must be a 32-bit unsigned integer",
  )
})

test('file handles: read, write, append, lines, streams, stat, truncate, close', async () => {
  const handle = await fs.promises.open(at('h'), 'w+')
  expect(handle.fd).toBeGreaterThanOrEqual(2 ** 30)
  await handle.write('one\ntwo\n')
  await handle.appendFile('three')
  expect((await handle.stat()).size).toBe(13)
  expect((await handle.read({ buffer: Buffer.alloc(3), position: 4 })).buffer.toString()).toBe('two')
  await handle.truncate(7)
  await handle.close()
  await expect(handle.stat()).rejects.toMatchObject({ code: 'EBADF', message: 'file closed' })
  const lines: string[] = []
  for await (const line of (await fs.promises.open(at('h'))).readLines()) lines.push(line)
  expect(lines).toEqual(['one', 'two'])
  const stream = (await fs.promises.open(at('h'), 'a')).createWriteStream()
  stream.end('!')
  await once(stream, 'close')
  const again = await fs.promises.open(at('h'), 'r')
  expect(await text(fs.createReadStream('', { fd: again, start: 4 }))).toBe('two!')
  await fs.promises.writeFile(
    at('parts'),
    (async function* () {
      yield 'a'
      yield 'b'
    })(),
  )
  expect(await fs.promises.readFile(at('parts'), 'utf8')).toBe('ab')
})

test('a handle of a file that only the disk has is of Node, and changes its attributes in memory', async () => {
  await using handle = await fs.promises.open(at('real.txt'))
  await handle.chmod(0o600)
  expect((fs.statSync(at('real.txt')).mode & 0o777).toString(8)).toBe('600')
  expect((untouched.statSync(at('real.txt')).mode & 0o777).toString(8)).toBe('644')
})

test('directories can be opened and watched', async () => {
  fs.mkdirSync(at('d'))
  const watcher = fs.watch(at('d'))
  const polled = new Promise<number>(resolve => {
    fs.watchFile(at('d/x'), { interval: 5 }, (present, before) => resolve(present.size - before.size))
  })
  const told = once(watcher, 'change')
  fs.writeFileSync(at('d/x'), 'four')
  expect(await told).toEqual(['rename', 'x'])
  expect(await polled).toBe(4)
  fs.unwatchFile(at('d/x'))
  watcher.close()
  const names: string[] = []
  for await (const entry of await fs.promises.opendir(at('d'))) names.push(entry.name)
  expect([names, fs.opendirSync(at('d')) instanceof fs.Dir]).toEqual([['x'], true])
  expect(() => fs.watch(at('nowhere'))).toThrow(`ENOENT: no such file or directory, watch '${at('nowhere')}'`)
})

test('statistics are those of Node: their class, their fields, dates and big integers', () => {
  fs.writeFileSync(at('s'), 'x'.repeat(5000))
  const [own, real] = [fs.statSync(at('s')), untouched.statSync(at('real.txt'))]
  expect([own instanceof fs.Stats, Object.keys(own), own.isFile()]).toEqual([true, Object.keys(real), true])
  expect([own.mtime.getTime(), own.blocks]).toEqual([Math.round(own.mtimeMs), 16])
  expect(fs.statSync(at('s'), { bigint: true }).size).toBe(5000n)
  expect(Object.keys(fs.statSync(at('s'), { bigint: true }))).toEqual(
    Object.keys(untouched.statSync(home, { bigint: true })),
  )
})
