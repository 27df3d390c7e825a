// Branches that do damage, each by another route, with a disk of their own.
import { execSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { describeOutcome, ForkEngine, watchProcess } from 'forkpoint/adapter'
import { runScenario } from '../../fork/scripts/branch.mjs'
import { open, ROUTES, wake } from './routes.mjs'

const { FOLDER: folder = '', LIBRARY: library } = process.env
const pipes = fs.mkdtempSync(join(folder, '../pipes-'))
const engine = ForkEngine.create(watchProcess())

const isolate = () =>
  engine.isolate({ root: folder, files: true, network: false, calls: false, shared: [] }).files ?? null

async function branch(body) {
  const obstacles = await engine.quiesce()
  if (obstacles.length > 0) return obstacles
  const side = engine.branch({ deadlineMs: 0, key: '', followed: 0, isIsolated: true })
  if (side.side === 'outside')
    return side.outcome.kind === 'value' ? side.outcome.value : { ...side.outcome, ...side.remains }
  try {
    return await side.finish(await body(side.isolation))
  } catch (error) {
    return side.finish(String(error))
  }
}

const within = paths =>
  paths
    .filter(path => path.startsWith(folder))
    .map(path => path.slice(folder.length + 1))
    .sort()

const isLoadable = {
  database: () => process.getBuiltinModule('node:sqlite') !== undefined,
  native: () => Boolean(library),
}

await runScenario({
  refusal: () => isolate(),

  async damage() {
    const told = {}
    const refusal = isolate()
    if (refusal !== null) return refusal
    open(folder, pipes)
    for (const [name, route] of Object.entries(ROUTES)) {
      if (isLoadable[name]?.() === false) continue
      told[name] = await branch(async isolation => {
        await route(folder, library)
        const { changed, created, deleted } = isolation.listChanges()
        return { changed: within(changed), created: within(created), deleted: within(deleted) }
      })
    }
    wake()
    return told
  },

  /** What branches leave running: one that ends by itself, one that is asked before, one that crashes, one whose calls are watched. */
  async left() {
    isolate()
    const command = name => `tail -n 1 -f ${join(folder, name)}.txt`
    const names = { [command('fs')]: 'orphan', [command('captured')]: 'child' }
    const leave = () =>
      new Promise(resolve => {
        // Its parent ends at once.
        const orphan = spawn('sh', ['-c', `(trap "" TERM; exec ${command('fs')}) &`])
        const child = spawn('sh', ['-c', `exec ${command('captured')}`], { detached: true })
        let begun = 0
        for (const { stdout } of [orphan, child]) stdout.on('data', () => ++begun === 2 && resolve())
      })
    const isThere = ({ pid }) => {
      try {
        return process.kill(pid, 0)
      } catch (error) {
        return error.code
      }
    }
    const show = ended => ended.map(each => [names[each.command], isThere(each)]).sort()
    const find = () =>
      execSync('ps -eo args', { encoding: 'utf8' })
        .split('\n')
        .filter(line => line in names)
    const asked = await branch(async isolation => {
      await leave()
      return isolation.endProcesses()
    })
    const silent = await branch(async () => {
      await leave()
      return find().length
    })
    const crash = async () => {
      await leave()
      process.kill(process.pid, 'SIGKILL')
    }
    const crashed = await branch(crash)
    const refused = engine.isolate({ root: folder, files: false, network: false, calls: true, shared: [] })
    const watched = refused.calls === undefined ? (await branch(crash)).left : crashed.left
    return {
      asked: show(asked),
      silent,
      crashed: show(crashed.left),
      watched: show(watched),
      after: find(),
    }
  },

  /** A server of the setup that is reached by a path. */
  async socket() {
    isolate()
    const server = createServer(socket => socket.end('hello'))
    await new Promise(resolve => server.listen(join(pipes, 'socket'), resolve))
    const heard = await branch(
      () =>
        new Promise(resolve => {
          const socket = connect(join(pipes, 'socket'))
          socket.on('error', error => resolve(error.code))
          socket.on('data', data => resolve(String(data)))
        }),
    )
    server.close()
    return heard
  },

  /** The system calls of a branch, with a disk of its own and without; and one that closes what watches them. */
  async calls() {
    const look = async ({ calls }) => {
      fs.writeFileSync(join(folder, 'fs.txt'), 'changed')
      execSync('rm shell.txt', { cwd: folder })
      await fs.promises.rename(join(folder, 'late.txt'), join(folder, 'early.txt'))
      fs.statSync(folder)
      return calls
        .read()
        .map(({ name, command, text, other }) => [name.replace(/at2?$/, ''), command, text, other])
    }
    const wanted = { root: folder, network: false, calls: true, shared: [] }
    const refused = engine.isolate({ ...wanted, files: true })
    if (refused.calls !== undefined) return refused.calls
    const told = [await branch(look)]
    engine.isolate({ ...wanted, files: false })
    told.push(await branch(look))
    const closed = await branch(({ calls }) => {
      const isListener = fd => fs.readlinkSync(`/proc/self/fd/${fd}`).includes('seccomp')
      const listeners = fs.readdirSync('/proc/self/fd').filter(fd => Number(fd) >= 200 && isListener(fd))
      for (const fd of listeners) fs.closeSync(Number(fd))
      fs.writeFileSync(join(folder, 'fs.txt'), 'x')
      return [listeners.length, calls.read().length]
    })
    return { told, closed }
  },

  /** The thread that watches a branch ends: by a program that nobody watches. */
  async unwatched() {
    const refused = engine.isolate({ root: folder, files: false, network: false, calls: true, shared: [] })
    if (refused.calls !== undefined) return refused.calls
    const [order, answer] = ['order', 'answer'].map(name => {
      execSync(`mkfifo ${join(pipes, name)}`)
      return fs.openSync(join(pipes, name), 'r+')
    })
    execSync(`${process.env.END_THREAD} <&3 >&4 &`, { stdio: ['ignore', 'ignore', 'ignore', order, answer] })
    const { said, ...ended } = await branch(() => {
      const linkOf = path => {
        try {
          return fs.readlinkSync(path)
        } catch {
          // Closed since it was listed.
          return ''
        }
      }
      const isWatching = thread => {
        const folder = `/proc/self/task/${thread}/fd`
        return fs.readdirSync(folder).some(fd => linkOf(join(folder, fd)).includes('seccomp'))
      }
      // Without one the program is told of none, and ends.
      fs.writeSync(order, `${fs.readdirSync('/proc/self/task').find(isWatching) ?? 0}\n`)
      const bytes = Buffer.alloc(100)
      const said = bytes.toString('utf8', 0, fs.readSync(answer, bytes)).trim()
      if (said !== 'ended') return { why: said }
      try {
        fs.writeFileSync(join(folder, 'fs.txt'), 'x')
      } catch (error) {
        return { code: error.code }
      }
    })
    return ended.kind === undefined ? ended : describeOutcome(ended)
  },

  /** What a branch with a network of its own reaches: what it has opened itself, a server of the setup, somebody else. */
  async network() {
    const refused = engine.isolate({ root: folder, files: false, network: true, calls: false, shared: [] })
    if (refused.network !== undefined) return refused.network
    const listen = server =>
      new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
    const ask = (host, port) =>
      new Promise(resolve => {
        const socket = connect({ host, port })
        socket.on('error', error => resolve(error.code))
        socket.on('data', data => resolve(String(data)))
      })
    const server = createServer(socket => socket.end('outside'))
    const port = await listen(server)
    const told = await branch(async () => {
      const own = createServer(socket => socket.end('inside'))
      return [
        await ask('127.0.0.1', await listen(own)),
        await ask('127.0.0.1', port),
        await ask('192.0.2.1', 80),
      ]
    })
    server.close()
    return told
  },

  /** What a test sees of the world, with a disk of its own and without. */
  async sight() {
    const look = () => ({
      cwd: process.cwd(),
      user: [process.getuid(), process.getgid(), process.getgroups()],
      folder: [fs.statSync(folder).mode, fs.statSync(folder).mtimeMs, fs.statSync(folder).uid],
      capabilities: /CapEff:\s*(\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1],
      descriptors: fs.openSync(join(folder, 'fs.txt')),
      names: fs.readdirSync(folder),
    })
    isolate()
    const inside = await branch(look)
    return { inside, outside: look() }
  },
})
