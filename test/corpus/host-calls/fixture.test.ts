// What the setup has made is as it was, whatever tests did to it.
import fs from 'node:fs'
import promises from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setup } from 'forkpoint'
import { expect, test } from 'vitest'

let folder: string
setup(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'forkpoint-host-calls-'))
  fs.writeFileSync(join(folder, 'a.txt'), 'original')
  fs.mkdirSync(join(folder, 'sub'))
  fs.writeFileSync(join(folder, 'sub/b.txt'), 'original')
  fs.writeFileSync('made-by-setup.txt', 'original')
  return () => {
    fs.rmSync(folder, { recursive: true })
    fs.rmSync('made-by-setup.txt')
  }
})

const changes: Record<string, () => unknown> = {
  writes: () => fs.writeFileSync(join(folder, 'a.txt'), 'changed'),
  'writes beside the tests': () => fs.writeFileSync('made-by-setup.txt', 'changed'),
  'adds files': () => promises.writeFile(join(folder, 'new.txt'), 'new'),
  'removes a tree': () => fs.rmSync(join(folder, 'sub'), { recursive: true }),
  moves: () => promises.rename(join(folder, 'sub'), join(folder, 'other')),
  streams: () =>
    new Promise<void>(resolve => {
      fs.createWriteStream(join(folder, 'a.txt')).end('changed', resolve)
    }),
  'changes attributes': () => fs.chmodSync(join(folder, 'a.txt'), 0o600),
  'crashes in the middle': () => {
    fs.writeFileSync(join(folder, 'a.txt'), 'changed')
    if (process.env.CRASH) process.kill(process.pid, 'SIGKILL')
  },
  nothing: () => {},
}

test.each(Object.entries(changes))('%s', async (_, change) => {
  const names = fs.readdirSync(folder, { recursive: true }).map(String).sort()
  expect(names).toEqual(['a.txt', 'sub', 'sub/b.txt'])
  for (const path of [join(folder, 'a.txt'), join(folder, 'sub/b.txt'), 'made-by-setup.txt'])
    expect(fs.readFileSync(path, 'utf8')).toBe('original')
  await change()
})
