// What stands behind descriptors that were opened before the branch: offsets of files, ends of connections.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdtempSync,
  opendirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addon, branch, collectAndReap, runScenario } from './branch.mjs'

const folder = mkdtempSync(join(tmpdir(), 'forkpoint-descriptors-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'file')

function open(flags, text = 'abcdefghij') {
  writeFileSync(path, text)
  return openSync(path, flags)
}

function take(fd, length = 2) {
  const bytes = Buffer.alloc(length)
  return bytes.toString('utf8', 0, readSync(fd, bytes))
}

const valueIn = async body => (await branch(body)).value
const listen = async server => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

function ask(agent, port, path = '/') {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, path, host: '127.0.0.1' }, async response => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve(text)
    })
    sent.on('error', reject).end()
  })
}

async function withServer(body) {
  let counter = 0
  const server = createServer((_, response) => response.end(`${++counter}`))
  const port = await listen(server)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await ask(agent, port)
  await new Promise(resolve => setImmediate(resolve))
  const told = await body({ agent, port, server })
  agent.destroy()
  server.close()
  return told
}

await runScenario({
  async read() {
    const fd = open('r')
    take(fd)
    const seen = []
    for (let i = 0; i < 3; i++) seen.push(await valueIn(() => take(fd) + take(fd)))
    return [...seen, take(fd)]
  },

  async nested() {
    const fd = open('r')
    take(fd)
    const outer = await valueIn(async () => {
      take(fd)
      const inner = [await valueIn(() => take(fd, 4)), await valueIn(() => take(fd, 3))]
      return [...inner, take(fd)]
    })
    return [outer, take(fd)]
  },

  async atOnce() {
    const fd = open('r')
    await new Promise(resolve => setImmediate(resolve))
    const children = [1, 2, 3].map(length => {
      const [pid, pipe] = addon.fork(false, [], [])
      if (pid === 0) addon.finish(pipe, Buffer.from(take(fd, length) + take(fd, length)), 0)
      return [pid, pipe]
    })
    const seen = children.map(([pid, pipe]) => collectAndReap(pid, pipe, 30000)[2].toString())
    return [...seen, take(fd)]
  },

  async write() {
    const fd = open('w')
    writeSync(fd, 'setup ')
    const seen = []
    for (const word of ['first', '2nd']) {
      seen.push(
        await valueIn(() => {
          writeSync(fd, word)
          return readFileSync(path, 'utf8')
        }),
      )
      ftruncateSync(fd, 6)
    }
    writeSync(fd, 'end')
    return [...seen, readFileSync(path, 'utf8')]
  },

  async append() {
    const fd = open('a', '')
    for (const word of ['a', 'b']) await branch(() => void writeSync(fd, word))
    writeSync(fd, 'c')
    return readFileSync(path, 'utf8')
  },

  async deleted() {
    const fd = open('r+')
    unlinkSync(path)
    take(fd)
    return [await valueIn(() => take(fd)), await valueIn(() => take(fd)), take(fd)]
  },

  /** A file opened again would not have the lock, so the descriptor stays what it was, and the offset is put back. */
  async locked() {
    const fd = open('r')
    const lock = () =>
      spawnSync('flock', ['--nonblock', '3'], { stdio: ['ignore', 'pipe', 'pipe', fd] }).status
    const seen = [lock()]
    for (let i = 0; i < 2; i++) seen.push(await valueIn(() => [lock(), take(fd)]))
    return [...seen, take(fd)]
  },

  /** A folder and a named pipe are no files with an offset: what is read from them is read. */
  async others() {
    const pipe = join(folder, 'pipe')
    spawnSync('mkfifo', [pipe])
    const fd = openSync(pipe, constants.O_RDWR)
    writeSync(fd, 'abcd')
    const directory = opendirSync(folder)
    const seen = [await valueIn(() => [take(fd), directory.readSync().name]), take(fd)]
    directory.closeSync()
    return seen
  },

  /** Standard output is a file here: what parent and children write comes one after the other. */
  async standardOutput() {
    for (const word of ['a', 'b']) await branch(() => void writeSync(1, word))
    return 'c'
  },

  keepAlive: () =>
    withServer(async ({ agent, port }) => {
      const seen = []
      for (let i = 0; i < 2; i++) seen.push(await valueIn(() => ask(agent, port)))
      return [...seen, await ask(agent, port)]
    }),

  keepAliveNested: () =>
    withServer(({ agent, port }) =>
      valueIn(async () => [
        await ask(agent, port),
        await valueIn(() => ask(agent, port)),
        await valueIn(() => ask(agent, port)),
        await ask(agent, port),
      ]),
    ),

  /** Each child leaves the connection in another state: with an answer unread, half closed, closed. */
  async leftOver() {
    return withServer(async ({ agent, port }) => {
      const [socket] = Object.values(agent.freeSockets)[0]
      await branch(() => void socket.write('GET /unread HTTP/1.1\r\nHost: a\r\n\r\n'))
      await branch(
        () => new Promise(resolve => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n', () => resolve())),
      )
      await branch(() => void socket.end())
      await branch(() => void socket.destroy())
      return [await valueIn(() => ask(agent, port)), await ask(agent, port)]
    })
  },

  /** A child that ends before it could accept its own connection. */
  async waiting() {
    const server = createTcpServer(socket => socket.end('answer'))
    const port = await listen(server)
    const accepted = []
    server.on('connection', socket => accepted.push(socket.remotePort))
    await branch(async () => {
      connect(port, '127.0.0.1')
      await new Promise(resolve => process.nextTick(resolve))
    })
    const seen = await valueIn(async () => {
      const own = connect(port, '127.0.0.1').resume()
      await once(own, 'connect')
      const { localPort } = own
      await once(own, 'close')
      return accepted.map(remotePort => remotePort === localPort)
    })
    server.close()
    return seen
  },

  async listed() {
    const server = createTcpServer()
    const port = await listen(server)
    const client = connect(port, '127.0.0.1')
    await once(server, 'connection')
    const told = addon.connections().map(([, , , other, unread, isEstablished, peer]) => {
      const isServer = peer === `127.0.0.1:${port}`
      return {
        peer: isServer ? 'server' : peer.replace(/\d+$/, 'port'),
        inside: other >= 0,
        unread,
        isEstablished,
      }
    })
    client.destroy()
    server.close()
    return told
  },

  async cost() {
    const figures = {}
    for (const count of [0, 10, 200]) {
      const fds = Array.from({ length: count }, () => open('r'))
      const times = []
      for (let i = 0; i < 60; i++) {
        await new Promise(resolve => setImmediate(resolve))
        const start = performance.now()
        const [pid, pipe] = addon.fork(false, [], [])
        if (pid === 0) addon.finish(pipe, Buffer.alloc(0), 0)
        collectAndReap(pid, pipe, 0)
        times.push(performance.now() - start)
      }
      figures[count] = times.sort((a, b) => a - b)[30]
      for (const fd of fds) closeSync(fd)
    }
    return figures
  },
})
