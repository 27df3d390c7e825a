// What a child shares with its parent, and what it does not.
import { once } from 'node:events'
import { readdirSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import { addon, branch, runScenario } from './branch.mjs'

let counter = 1
const list = [1]
class Vault {
  #secret = 'kept'
  put(secret) {
    this.#secret = secret
  }
  look() {
    return this.#secret
  }
}

async function sendFromBoth(neutralised) {
  // Over a unix socket: one over TCP with both ends in this process would be another one in the child.
  const server = createTcpServer().listen(`\0forkpoint-${process.pid}`)
  await once(server, 'listening')
  const client = connect(server.address())
  const [[socket]] = await Promise.all([once(server, 'connection'), once(client, 'connect')])
  await branch(() => void client.write('child '), { neutralise: neutralised ? [client._handle.fd] : [] })
  client.end('parent')
  let text = ''
  for await (const chunk of socket) text += chunk
  server.close()
  return text
}

await runScenario({
  async isolation() {
    const vault = new Vault()
    const memory = new WebAssembly.Memory({ initial: 1 })
    const look = () => [
      counter,
      list,
      vault.look(),
      memory.buffer.byteLength,
      process.env.FORKPOINT_PROBE ?? null,
      process.cwd() === '/',
    ]
    const { value } = await branch(() => {
      counter++
      list.push(2)
      vault.put('broken')
      memory.grow(1)
      process.env.FORKPOINT_PROBE = 'set'
      process.chdir('/')
      return look()
    })
    return { child: value, parent: look() }
  },

  async inheritedServer() {
    const server = createServer((_, response) => response.end(`counter ${counter}`)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const ask = async () => (await fetch(`http://127.0.0.1:${server.address().port}`)).text()
    const answers = []
    for (let i = 0; i < 3; i++)
      answers.push(
        (
          await branch(async () => {
            counter += i
            return ask()
          })
        ).value,
      )
    answers.push(await ask())
    server.closeAllConnections()
    server.close()
    return answers
  },

  neutralised: () => sendFromBoth(true),
  notNeutralised: () => sendFromBoth(false),

  async descriptors() {
    const count = () => readdirSync('/proc/self/fd').length
    await branch(() => {})
    const before = count()
    for (let i = 0; i < 200; i++) await branch(() => i)
    return count() - before
  },

  async identity() {
    const { value } = await branch(() => ({
      pid: addon.pid(),
      remembered: process.pid,
      threads: addon.threads(),
    }))
    const threads = addon.threads()
    return {
      ownPid: value.pid !== process.pid,
      remembersParent: value.remembered === process.pid,
      parentSeesThreads:
        threads.length > 0 && threads.every(([tid, name, state]) => tid > 0 && name !== '' && state === 'S'),
      childThreads: value.threads,
    }
  },

  /** Dies between fork(2) and the wait for its child, which branches on its part. */
  deserter() {
    if (addon.fork(false, [])[0] !== 0) process.kill(process.pid, 'SIGKILL')
    const [inner] = addon.fork(false, [])
    if (inner !== 0) writeSync(1, `${addon.pid()} ${inner}\n`)
    for (;;);
  },

  /** Ends only with the process that has started it. */
  follower() {
    addon.dieWithParent()
    writeSync(1, `${process.pid}\n`)
    for (;;);
  },

  /** Never ends: a child and its child are alive while the parents wait for them. */
  async family() {
    await branch(async () => {
      const child = addon.pid()
      await branch(() => {
        writeSync(1, `${child} ${addon.pid()}\n`)
        for (;;);
      })
    })
  },
})
