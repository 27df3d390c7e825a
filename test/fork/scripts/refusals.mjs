// Where a checkpoint can't be taken: processes that are what the preconditions look for.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { checkpoint } from 'forkpoint'
import { runScenario } from './branch.mjs'

async function take() {
  try {
    await (await checkpoint()).dispose()
    return 'taken'
  } catch (error) {
    return error.message
  }
}

await runScenario({
  plain: async () => [await take()],

  async worker() {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
    await once(worker, 'online')
    const alive = await take()
    await worker.terminate()
    return [alive, await take()]
  },

  async terminating() {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
    await once(worker, 'online')
    const ended = once(worker, 'exit')
    void worker.terminate()
    const early = await take()
    await ended
    return [early, await take()]
  },

  async child() {
    const child = spawn('cat')
    const alive = await take()
    child.stdin.end()
    await once(child, 'close')
    return [alive, await take()]
  },

  async inside() {
    const told = []
    for (const place of [{ port: 0, host: '127.0.0.1' }, `\0forkpoint-${process.pid}`]) {
      const server = createServer({ pauseOnConnect: true }).listen(place)
      await once(server, 'listening')
      const client = connect(server.address())
      const [[socket]] = await Promise.all([once(server, 'connection'), once(client, 'connect')])
      told.push((await take()).replace(String(process.pid), 'PID'))
      client.write('unread')
      told.push((await take()).replace(String(process.pid), 'PID'))
      client.destroy()
      socket.destroy()
      server.close()
      await once(server, 'close')
      told.push(await take())
    }
    return told
  },

  async threadPool() {
    await readFile(new URL(import.meta.url))
    return (await checkpoint()).run(() => 1)
  },
})
