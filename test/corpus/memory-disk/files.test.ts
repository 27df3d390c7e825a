import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setup } from 'forkpoint'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { sizeOf } from './src/source.ts'

const here = import.meta.dirname
const kept = join(here, 'kept')
const work = join(here, 'work')
const { note, read } = createRequire(import.meta.url)('./library.cjs')

writeFileSync(join(here, 'collected.txt'), 'as the file was read')
beforeAll(() => writeFileSync(join(here, 'once.txt'), 'before all tests'))
afterAll(() => {
  expect(existsSync(work)).toBe(false)
  expect(readdirSync(kept)).toEqual(['data.txt'])
})

let fd: number
setup(() => {
  // Throws where it is there already.
  mkdirSync(work)
  writeFileSync(join(work, 'a.txt'), 'of the setup', { mode: 0o640 })
  fs.utimesSync(join(work, 'a.txt'), 1, 2)
  fs.symlinkSync('../kept/data.txt', join(work, 'link'))
  fd = fs.openSync(join(work, 'log'), 'w+')
  fs.writeSync(fd, 'begun')
})

describe.each(['first', 'second'])('%s round', round => {
  test('the files of the setup, with their modes, times and links', () => {
    expect([readdirSync(work), sizeOf(join(work, 'a.txt'))]).toEqual([['a.txt', 'link', 'log'], 12])
    const { mode, mtimeMs } = statSync(join(work, 'a.txt'))
    expect([(mode & 0o777).toString(8), mtimeMs]).toEqual(['640', 2000])
    expect(readFileSync(join(work, 'link'), 'utf8')).toBe('from the disk')
    expect(readFileSync(join(here, 'once.txt'), 'utf8')).toBe('before all tests')
    expect(readFileSync(join(here, 'collected.txt'), 'utf8')).toBe('as the file was read')
    writeFileSync(join(work, 'b.txt'), round)
    fs.chmodSync(join(work, 'a.txt'), 0o600)
  })

  test('a descriptor of the setup is where the setup has left it', () => {
    fs.writeSync(fd, ` ${round}`)
    expect(readFileSync(join(work, 'log'), 'utf8')).toBe(`begun ${round}`)
  })

  test('what the disk has can be changed and removed', () => {
    const data = join(kept, 'data.txt')
    note(data, round)
    expect(read(data)).toBe(`from the disk${round}\n`)
    fs.renameSync(data, join(kept, 'moved.txt'))
    expect(existsSync(data)).toBe(false)
    expect(readFileSync(join(work, 'a.txt'), 'utf8')).toBe('of the setup')
    fs.rmSync(kept, { recursive: true })
    expect(existsSync(kept)).toBe(false)
  })

  test('promises, handles and streams', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memory-disk-'))
    await writeFile(join(folder, 'x'), 'one\ntwo\n')
    await using handle = await open(join(folder, 'x'), 'a+')
    await handle.appendFile('three')
    const lines: string[] = []
    for await (const line of (await open(join(folder, 'x'))).readLines()) lines.push(line)
    await pipeline(fs.createReadStream(join(folder, 'x')), fs.createWriteStream(join(folder, 'y')))
    expect([lines, await readFile(join(folder, 'y'), 'utf8')]).toEqual([
      ['one', 'two', 'three'],
      'one\ntwo\nthree',
    ])
    await rm(folder, { recursive: true })
  })

  test('a spied function of node:fs still sees the memory', () => {
    const spy = vi.spyOn(fs, 'readFileSync')
    expect(fs.readFileSync(join(work, 'a.txt'), 'utf8')).toBe('of the setup')
    expect(spy).toHaveBeenCalledTimes(1)
    spy.mockRestore()
  })

  test('process.getBuiltinModule has the memory too', () => {
    const builtin = process.getBuiltinModule('fs')
    expect(builtin.readFileSync(join(work, 'a.txt'), 'utf8')).toBe('of the setup')
  })

  test('snapshots are kept on the real disk', async () => {
    writeFileSync(join(here, 'files.test.ts'), 'not for long')
    expect({ round }).toMatchSnapshot()
    await expect(`content of the ${round} round`).toMatchFileSnapshot(`./snapshots/${round}.txt`)
  })
})

test('an inline snapshot is written to the real disk', () => {
  expect('inline value').toMatchInlineSnapshot()
})
