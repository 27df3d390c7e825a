// How values come back from a child, and how its end is told.
import { createHash } from 'node:crypto'
import { closeSync, writeSync } from 'node:fs'
import { addon, branch, collectAndReap, runScenario } from './branch.mjs'

const hash = bytes => createHash('sha256').update(bytes).digest('hex')
const makeBytes = count =>
  Buffer.from(Uint32Array.from({ length: count / 4 }, (_, i) => i * 2654435761).buffer)
let counter = 0

await runScenario({
  value: () => branch(() => ({ text: 'déjà vu', list: [1, 2, 3] })),

  nothing: () => branch(() => {}),

  async large() {
    const [pid, fd] = addon.fork(false, [], [])
    if (pid === 0) addon.finish(fd, makeBytes(10e6), 0)
    const [, , result] = collectAndReap(pid, fd, 0)
    return { length: result.length, same: hash(result) === hash(makeBytes(10e6)) }
  },

  async nested() {
    counter = 1
    const outer = await branch(async () => {
      counter += 10
      const inner = []
      for (const step of [100, 200]) inner.push(await branch(() => (counter += step)))
      return { counter, inner: inner.map(result => result.value) }
    })
    return { counter, outer: outer.value }
  },

  busy: () =>
    branch(
      () => {
        for (;;);
      },
      { deadlineMs: 200 },
    ),

  silent: () => branch(() => new Promise(() => {}), { deadlineMs: 200 }),

  closedPipe: () =>
    branch(
      fd => {
        closeSync(fd)
        return new Promise(() => {})
      },
      { deadlineMs: 0 },
    ),

  async beats() {
    const [pid, fd] = addon.fork(false, [], [])
    if (pid === 0) {
      for (let i = 0; i < 10; i++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
        writeSync(fd, '.')
      }
      addon.finish(fd, Buffer.from('end'), 0)
    }
    const [status, timedOut, result] = collectAndReap(pid, fd, 800)
    return { status, timedOut, text: result.toString() }
  },

  async partial() {
    const [pid, fd] = addon.fork(false, [], [])
    if (pid === 0) {
      writeSync(fd, 'half')
      for (;;);
    }
    const [status, timedOut, result] = collectAndReap(pid, fd, 2000)
    return { signal: status & 127, timedOut, text: result.toString() }
  },

  stoppedParent: () =>
    branch(
      () => {
        process.kill(process.ppid, 'SIGSTOP')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
        process.kill(process.ppid, 'SIGCONT')
        return 'in time'
      },
      { deadlineMs: 1000 },
    ),

  abort: () => branch(() => process.abort()),

  segfault: () => branch(() => process.kill(addon.pid(), 'SIGSEGV')),

  exitCode: () => branch(() => process.exit(70)),

  unreadResult() {
    const [pid, fd] = addon.fork(false, [], [])
    // More than the pipe holds, so that the child is still writing when its reader goes.
    if (pid === 0) addon.finish(fd, makeBytes(4e6), 0)
    closeSync(fd)
    // It ends by itself, however long it takes.
    return addon.reap(pid, -1) >> 8
  },

  badDescriptor: () => branch(() => {}, { neutralise: [-1] }),

  misuse() {
    const messageOf = call => {
      try {
        call()
        return 'no error'
      } catch (error) {
        return error.message
      }
    }
    return [
      messageOf(() => addon.collect(-1, 0, 0)),
      messageOf(() => addon.reap(process.pid, 0)),
      messageOf(() => addon.fork(false, [])),
      messageOf(() => addon.fork('yes', [], [])),
      messageOf(() => addon.fork(false, [], Array(65).fill(0))),
    ]
  },
})
