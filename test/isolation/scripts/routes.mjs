// Ways to do damage to a folder of files, each named for what does it.
import { execFileSync, execSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

/** @param folder it is empty, and the process's own */
export function fill(folder) {
  const names = [
    'fs',
    'captured',
    'promises',
    'stream',
    'report',
    'database',
    'native',
    'mapped',
    'wasi',
    'shell',
    'thread',
  ]
  for (const name of [...names, 'late', 'descriptor']) writeFileSync(join(folder, `${name}.txt`), name)
  fs.mkdirSync(join(folder, 'tree/deep'), { recursive: true })
  writeFileSync(join(folder, 'tree/deep/leaf.txt'), 'leaf', { mode: 0o640 })
  fs.symlinkSync('fs.txt', join(folder, 'link'))
  fs.linkSync(join(folder, 'fs.txt'), join(folder, 'hard-link'))
  fs.utimesSync(join(folder, 'tree'), 1_600_000_000, 1_600_000_000)
}

/** What the setup has opened, before anything is rolled back. */
const opened = { descriptor: -1, wake: -1 }

/** @param pipes a folder for named pipes */
export function open(folder, pipes) {
  opened.descriptor = fs.openSync(join(folder, 'descriptor.txt'), 'r+')
  execFileSync('mkfifo', [join(pipes, 'wake')])
  opened.wake = fs.openSync(join(pipes, 'wake'), 'r+')
}

/** Would let go on what was left behind. */
export function wake() {
  fs.writeSync(opened.wake, 'go\n')
}

/** The WebAssembly of `path_unlink_file(3, "wasi.txt")`. */
const UNLINKING = Buffer.from(
  '0061736d01000000010b0260037f7f7f017f600000022b0116776173695f736e617073686f745f7072657669657731' +
    '10706174685f756e6c696e6b5f66696c650000030201010503010001071302066d656d6f72790200' +
    '065f737461727400010a0d010b0041034100410810001a0b0b0e010041000b08776173692e747874',
  'hex',
)

const captured = fs.writeFileSync

/** @type {Record<string, (folder: string, library: string | undefined) => unknown>} */
export const ROUTES = {
  fs(folder) {
    writeFileSync(join(folder, 'fs.txt'), 'changed')
    fs.chmodSync(join(folder, 'tree'), 0o700)
    fs.renameSync(join(folder, 'link'), join(folder, 'other-link'))
    if (readFileSync(join(folder, 'fs.txt'), 'utf8') !== 'changed') throw new Error('not written')
  },
  captured: folder => captured(join(folder, 'captured.txt'), 'changed'),
  async promises(folder) {
    await unlink(join(folder, 'promises.txt'))
    await mkdir(join(folder, 'made/deep'), { recursive: true })
    await writeFile(join(folder, 'made/deep/new.txt'), 'new')
    await rename(join(folder, 'made/deep/new.txt'), join(folder, 'made/new.txt'))
  },
  async stream(folder) {
    await once(fs.createWriteStream(join(folder, 'stream.txt')).end('changed'), 'close')
  },
  report: folder => process.report.writeReport(join(folder, 'report.txt')),
  async database(folder) {
    const { DatabaseSync } = await import('node:sqlite')
    rmSync(join(folder, 'database.txt'))
    new DatabaseSync(join(folder, 'database.txt')).exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)')
  },
  native(folder, library) {
    process.env.DAMAGE_IN = folder
    try {
      process.dlopen({ exports: {} }, library)
    } catch (error) {
      // It is no addon, but it has been loaded.
      if (!/self-register/.test(error.message)) throw error
    }
    if (existsSync(join(folder, 'native.txt'))) throw new Error('not removed')
    if (readFileSync(join(folder, 'mapped.txt'), 'utf8') !== 'goneed') throw new Error('not changed')
  },
  async wasi(folder) {
    const { WASI } = await import('node:wasi')
    const wasi = new WASI({ version: 'preview1', preopens: { '/': folder } })
    const { instance } = await WebAssembly.instantiate(UNLINKING, wasi.getImportObject())
    wasi.start(instance)
    if (existsSync(join(folder, 'wasi.txt'))) throw new Error('not removed')
  },
  shell: folder => execSync('rm -rf tree shell.txt && echo x > new.txt', { cwd: folder }),
  thread: folder =>
    once(
      new Worker(`require('fs').writeFileSync(${JSON.stringify(join(folder, 'thread.txt'))}, 'x')`, {
        eval: true,
      }),
      'exit',
    ),
  /** It does its damage, and would do more when the branch is gone. */
  async late(folder) {
    const script = 'echo x > late.txt; echo done; read line; echo y > late.txt'
    const child = spawn('sh', ['-c', script], {
      cwd: folder,
      detached: true,
      stdio: [opened.wake, 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    child.unref()
  },
  descriptor(folder) {
    fs.writeSync(opened.descriptor, 'changed')
    if (readFileSync(join(folder, 'descriptor.txt'), 'utf8') !== 'changedtor') throw new Error('not written')
  },
}
