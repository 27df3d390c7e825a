import { execFileSync, execSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import fs from 'node:fs'
import promises from 'node:fs/promises'
import inspector from 'node:inspector'
import net from 'node:net'
import os, { constants } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { gunzipSync, gzipSync } from 'node:zlib'
import { hostCall, onRollback } from 'forkpoint'
import type { Effect } from '../../../src/host/catalogue/nature.ts'

/** What a test does, of each effect in the catalogue, and what is seen of it. */
export interface Row {
  effect: Effect
  /** One row's only: the line of the call has it in a comment. */
  name: string
  does?(parts: Parts): unknown
  sees:
    | 'nothing'
    /** The state before the test is there again after it; and no finding. */
    | 'undone'
    /** The same, of something that was left open. */
    | 'closed'
    /** The test fails. */
    | 'failed'
    /** Not by the guard: the documentation says so. */
    | 'unseen'
    /** A finding, with the line of the call. */
    | { nature: 'unsafe' | 'compensable'; call: string; resource?: string }
  /** A module that not every Node has. */
  needs?: string
}

export interface Parts {
  /** Made by the setup; `a.txt`, `b.txt`, `sub/c.txt` are in it. */
  folder: string
  /** Of a server in another process. */
  port: number
  /** The path of a native addon. */
  addon: string
}

/** They print a warning when they are loaded: as a file that uses them would have it, before the tests. */
const sqlite = process.getBuiltinModule?.('node:sqlite') as Sqlite | undefined
interface Sqlite {
  DatabaseSync: new (path: string) => { exec(sql: string): void; close(): void }
}

const { WASI } = await import('node:wasi')

/** Has a memory, and a `_start` that does nothing. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: Record<'Module' | 'Instance', new (...parts: unknown[]) => object>
}
const program = Buffer.from(
  '0061736d0100000001040160000003020100050301000107130206' +
    '6d656d6f7279020006' +
    '5f737461727400000a040102000b',
  'hex',
)

const compensable = (call: string, resource: string): Row['sees'] => ({
  nature: 'compensable',
  call,
  resource,
})
const unsafe = (call: string, resource = ''): Row['sees'] => ({ nature: 'unsafe', call, resource })
const ended = (run: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => run(error => (error ? reject(error) : resolve())))

const OF_FILES: readonly Row[] = [
  {
    effect: 'fs.read',
    name: 'reads',
    does: ({ folder }) => [
      fs.readFileSync(join(folder, 'a.txt')),
      fs.statSync(folder),
      fs.readdirSync(folder),
    ],
    sees: 'nothing',
  },
  {
    effect: 'fs.write',
    name: 'writes',
    does: ({ folder }) => fs.writeFileSync(join(folder, 'a.txt'), 'changed'),
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'appends',
    does: ({ folder }) => promises.appendFile(join(folder, 'a.txt'), 'changed'),
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'truncates',
    does: ({ folder }) => ended(done => fs.truncate(join(folder, 'a.txt'), 1, done)),
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'streams',
    does: ({ folder }) => ended(done => fs.createWriteStream(join(folder, 'a.txt')).end('changed', done)),
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'copies',
    does: ({ folder }) => fs.copyFileSync(join(folder, 'a.txt'), join(folder, 'b.txt')),
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'copies a tree',
    does: ({ folder }) => fs.cpSync(join(folder, 'sub'), join(folder, 'copy'), { recursive: true }),
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'writes to a handle',
    does: async ({ folder }) => {
      await using handle = await promises.open(join(folder, 'a.txt'), 'r+')
      await handle.write('changed')
    },
    sees: 'undone',
  },
  {
    effect: 'fs.write',
    name: 'writes elsewhere',
    does: () => fs.writeFileSync('left.txt', 'x'), // <- writes elsewhere
    sees: compensable('fs.writeFileSync', '<dir>/left.txt'),
  },
  {
    effect: 'fs.write',
    name: 'writes a report',
    does: () => process.report.writeReport('left.report.json'), // <- writes a report
    sees: compensable('process.report.writeReport', '<dir>/left.report.json'),
  },
  {
    effect: 'fs.create',
    name: 'makes a folder',
    does: ({ folder }) => fs.mkdirSync(join(folder, 'new/deep'), { recursive: true }),
    sees: 'undone',
  },
  {
    effect: 'fs.create',
    name: 'makes a temporary folder',
    does: ({ folder }) => promises.mkdtemp(join(folder, 'temporary-')),
    sees: 'undone',
  },
  {
    effect: 'fs.create',
    name: 'makes links',
    does: ({ folder }) => {
      fs.symlinkSync('a.txt', join(folder, 'symbolic'))
      fs.linkSync(join(folder, 'a.txt'), join(folder, 'hard'))
    },
    sees: 'undone',
  },
  {
    effect: 'fs.create',
    name: 'makes a folder elsewhere',
    does: () => promises.mkdir('left'), // <- makes a folder elsewhere
    sees: compensable('fs.promises.mkdir', '<dir>/left'),
  },
  {
    effect: 'fs.delete',
    name: 'removes',
    does: ({ folder }) => fs.unlinkSync(join(folder, 'a.txt')),
    sees: 'undone',
  },
  {
    effect: 'fs.delete',
    name: 'removes a tree',
    does: ({ folder }) => promises.rm(join(folder, 'sub'), { recursive: true }),
    sees: 'undone',
  },
  {
    effect: 'fs.delete',
    name: 'removes elsewhere',
    does: () => fs.rmSync('removed.txt'), // <- removes elsewhere
    sees: compensable('fs.rmSync', '<dir>/removed.txt'),
  },
  {
    effect: 'fs.rename',
    name: 'moves',
    does: ({ folder }) => fs.renameSync(join(folder, 'sub'), join(folder, 'moved')),
    sees: 'undone',
  },
  {
    effect: 'fs.rename',
    name: 'moves elsewhere',
    does: () => fs.renameSync('from.txt', 'to.txt'), // <- moves elsewhere
    sees: compensable('fs.renameSync', '<dir>/from.txt -> <dir>/to.txt'),
  },
  {
    effect: 'fs.meta',
    name: 'changes modes and times',
    does: async ({ folder }) => {
      fs.chmodSync(join(folder, 'a.txt'), 0o600)
      await promises.utimes(join(folder, 'b.txt'), 5, 5)
    },
    sees: 'undone',
  },
  {
    effect: 'fs.meta',
    name: 'changes a mode elsewhere',
    does: () => fs.chmodSync('plain.txt', 0o600), // <- changes a mode elsewhere
    sees: compensable('fs.chmodSync', '<dir>/plain.txt'),
  },
  {
    effect: 'fs.open',
    name: 'leaves a file open',
    does: ({ folder }) => fs.openSync(join(folder, 'a.txt'), 'r+'), // <- leaves a file open
    sees: 'closed',
  },
  {
    effect: 'fs.watch',
    name: 'watches',
    does: ({ folder }) => fs.watch(folder), // <- watches
    sees: 'closed',
  },
  {
    effect: 'fs.watch',
    name: 'watches a file',
    does: ({ folder }) => fs.watchFile(join(folder, 'a.txt'), () => {}), // <- watches a file
    sees: 'closed',
  },
  {
    effect: 'db.open',
    name: 'writes to a database',
    needs: 'node:sqlite',
    does: () => {
      const db = new (sqlite as Sqlite).DatabaseSync('left.db')
      db.exec('CREATE TABLE t (n)') // <- writes to a database
      db.close()
    },
    sees: unsafe('sqlite.DatabaseSync.prototype.exec', '<dir>/left.db'),
  },
]

const OF_NETWORK: readonly Row[] = [
  {
    effect: 'net.connect',
    name: 'fetches',
    does: async ({ port }) => {
      const response = await fetch(`http://127.0.0.1:${port}`) // <- fetches
      await response.text()
    },
    sees: unsafe('fetch', '127.0.0.1:PORT'),
  },
  {
    effect: 'net.connect',
    name: 'connects',
    does: ({ port }) =>
      ended(done => {
        const socket = net.connect(port, '127.0.0.1') // <- connects
        socket.on('connect', () => socket.destroy()).on('close', () => done())
      }),
    sees: unsafe('net.Socket.prototype.connect', '127.0.0.1:PORT'),
  },
  {
    effect: 'net.connect',
    name: 'connects to a server of its own',
    does: () =>
      ended(done => {
        const server = net.createServer(socket => socket.end())
        server.listen(0, () => {
          const { port } = server.address() as net.AddressInfo
          net
            .connect(port)
            .resume()
            .on('close', () => server.close(done))
        })
      }),
    sees: 'nothing',
  },
  {
    effect: 'net.send',
    name: 'sends',
    does: () =>
      ended(done => {
        const socket = createSocket('udp4')
        socket.send('x', 9, '127.0.0.1', error => socket.close(() => done(error))) // <- sends
      }),
    sees: unsafe('dgram.Socket.prototype.send', '127.0.0.1:9'),
  },
  {
    effect: 'net.listen',
    name: 'leaves a server',
    does: () => ended(done => net.createServer().listen(0, () => done())), // <- leaves a server
    sees: 'closed',
  },
  {
    effect: 'net.listen',
    name: 'leaves a socket bound',
    does: () => ended(done => createSocket('udp4').bind(0, () => done())), // <- leaves a socket bound
    sees: 'closed',
  },
  { effect: 'net.query', name: 'asks for a name', does: () => lookup('localhost'), sees: 'nothing' },
  {
    effect: 'net.socket',
    name: 'makes a socket',
    does: () => new net.Socket().setNoDelay(true).destroy(),
    sees: 'nothing',
  },
]

const OF_PROCESSES: readonly Row[] = [
  {
    effect: 'process.spawn',
    name: 'runs a command',
    does: () => execSync('true'), // <- runs a command
    sees: unsafe('child_process.execSync', 'true'),
  },
  {
    effect: 'process.spawn',
    name: 'starts a process',
    does: () => ended(done => void spawn('true', ['now']).on('close', () => done())), // <- starts a process
    sees: unsafe('child_process.spawn', 'true now'),
  },
  {
    effect: 'process.spawn',
    name: 'runs a program, and swallows what it throws',
    does: () => {
      try {
        execFileSync('false') // <- runs a program, and swallows what it throws
      } catch {}
    },
    sees: unsafe('child_process.execFileSync', 'false'),
  },
  {
    effect: 'process.signal',
    name: 'signals',
    does: () => process.kill(process.ppid, 'SIGCONT'), // <- signals
    sees: unsafe('process.kill', 'PPID SIGCONT'),
  },
  {
    effect: 'process.signal',
    name: 'looks for a process',
    does: () => process.kill(process.ppid, 0),
    sees: 'nothing',
  },
  { effect: 'process.exit', name: 'ends its process', does: () => process.exit(0), sees: 'failed' },
  {
    effect: 'process.identity',
    name: 'takes a group',
    does: () => process.setegid?.(process.getegid?.() ?? 0), // <- takes a group
    sees: unsafe('process.setegid', 'EGID'),
  },
  {
    effect: 'process.priority',
    name: 'gives way to others',
    does: () => os.setPriority(constants.priority.PRIORITY_LOW),
    sees: 'undone',
  },
  {
    effect: 'process.state',
    name: 'changes its environment',
    does: () => {
      process.env.FORKPOINT_EFFECTS = 'changed'
    },
    sees: 'undone',
  },
  { effect: 'process.state', name: 'goes to another folder', does: () => process.chdir('/'), sees: 'undone' },
  { effect: 'process.state', name: 'changes its mask', does: () => process.umask(0o77), sees: 'undone' },
  {
    effect: 'process.state',
    name: 'changes its title',
    does: () => {
      process.title = 'changed'
    },
    sees: 'undone',
  },
  { effect: 'process.state', name: 'listens', does: () => process.on('SIGUSR2', () => {}), sees: 'undone' },
  {
    effect: 'process.state',
    name: 'sets its exit code',
    does: () => {
      process.exitCode = 3
    },
    sees: 'undone',
  },
  { effect: 'process.message', name: 'tells whoever started it', sees: 'unseen' },
  {
    effect: 'thread.start',
    name: 'starts a thread',
    does: async () => {
      const worker = new Worker('', { eval: true }) // <- starts a thread
      await worker.terminate()
    },
    sees: unsafe('worker_threads.Worker'),
  },
  { effect: 'thread.message', name: 'tells whoever listens', sees: 'unseen' },
  {
    effect: 'thread.message',
    name: 'tells itself',
    does: () =>
      ended(done => {
        const { port1, port2 } = new MessageChannel()
        port2.on('message', () => {
          port1.close()
          done()
        })
        port1.postMessage('x')
      }),
    sees: 'nothing',
  },
  {
    effect: 'thread.memory',
    name: 'shares memory with nobody',
    does: () => Atomics.add(new Int32Array(new SharedArrayBuffer(8)), 0, 1),
    sees: 'nothing',
  },
  {
    effect: 'native.load',
    name: 'loads an addon',
    does: ({ addon }) => process.dlopen({ exports: {} } as unknown as NodeModule, addon), // <- loads an addon
    sees: unsafe('process.dlopen', 'ADDON'),
  },
  {
    effect: 'native.call',
    name: 'reaches for natives',
    does: () => (process as unknown as { binding(name: string): unknown }).binding('util'), // <- reaches for natives
    sees: unsafe('process.binding', 'util'),
  },
  {
    effect: 'wasi.call',
    name: 'lets a program use the system',
    does: () => {
      const wasi = new WASI({ version: 'preview1' })
      const instance = new WebAssembly.Instance(new WebAssembly.Module(program), wasi.getImportObject())
      wasi.start(instance) // <- lets a program use the system
    },
    sees: unsafe('wasi.WASI.prototype.start'),
  },
]

const declared = hostCall(() => {}, { call: 'mailer.send', nature: 'unsafe', why: 'a mail is on its way' })

const OF_THE_REST: readonly Row[] = [
  { effect: 'inspector', name: 'opens the debugger', sees: 'unseen' },
  { effect: 'inspector', name: 'asks for its address', does: () => inspector.url(), sees: 'nothing' },
  { effect: 'timers', name: 'waits', does: () => ended(done => setTimeout(done, 1)), sees: 'nothing' },
  {
    effect: 'clock',
    name: 'reads a clock',
    does: () => [Date.now(), performance.now(), os.loadavg()],
    sees: 'nothing',
  },
  {
    effect: 'random',
    name: 'makes random values',
    does: () => [randomUUID(), Math.random()],
    sees: 'nothing',
  },
  { effect: 'console', name: 'prints', does: () => console.log('printed'), sees: 'nothing' },
  { effect: 'runtime', name: 'evaluates', does: () => new Function('return 1')(), sees: 'nothing' },
  { effect: 'none', name: 'compresses', does: () => gunzipSync(gzipSync('x')), sees: 'nothing' },
  {
    effect: 'declared',
    name: 'calls what is declared',
    does: () => declared(), // <- calls what is declared
    sees: unsafe('mailer.send'),
  },
  {
    effect: 'declared',
    name: 'undoes by a function',
    does: ({ folder }) => {
      const path = join(folder, '../declared.txt')
      hostCall(() => fs.writeFileSync(path, ''), {
        call: 'store.put',
        nature: 'compensable',
        undo: () => fs.rmSync(path),
        why: 'removed again',
      })()
      onRollback(() => {})
    },
    sees: 'undone',
  },
]

export const rows: readonly Row[] = [...OF_FILES, ...OF_NETWORK, ...OF_PROCESSES, ...OF_THE_REST]

export function isHere({ needs }: Row): boolean {
  return needs === undefined || process.getBuiltinModule?.(needs) !== undefined
}
