// What tests leave running, and what they don't.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import fs from 'node:fs'
import promises from 'node:fs/promises'
import net from 'node:net'
import { MessageChannel, Worker } from 'node:worker_threads'
import { rollbackSafe, setup } from 'forkpoint'
import { expect, test } from 'vitest'

const kept = globalThis as { handle?: unknown }
let seen: string[] = []
const tick = () => void setTimeout(tick, 150)
setup(() => {
  seen = []
  tick()
  fs.writeFileSync('opened.txt', 'x')
  return () => fs.rmSync('opened.txt')
})
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const connect = () => net.connect({ host: '127.0.0.1', port: Number(process.env.PORT) })

test('a timer', () => {
  setTimeout(() => seen.push('a timer'), 200)
})
test('a promise', () => {
  void wait(210)
})
test('an interval', () => {
  setInterval(() => seen.push('an interval'), 5)
})
test('the last of many timers', () => {
  for (let i = 0; i < 50; i++) clearTimeout(setTimeout(() => {}, 1000))
  setTimeout(() => {}, 220)
})
test('a server', () => new Promise<void>(resolve => void net.createServer().listen(0, resolve)))
test('a UDP socket', () => new Promise<void>(resolve => void createSocket('udp4').bind(0, resolve)))
test('a connection', () => new Promise<void>(resolve => void connect().on('connect', resolve)))
test('a watcher', () => {
  fs.watch('.')
  fs.watchFile('opened.txt', () => {})
})
test('a descriptor', () => {
  fs.openSync('opened.txt', 'r')
})
test('a descriptor with a callback', () =>
  new Promise<void>(resolve => fs.open('opened.txt', () => resolve())))
test('the last of many descriptors', () => {
  for (let i = 0; i < 50; i++) fs.closeSync(fs.openSync('opened.txt', 'r'))
  fs.openSync('opened.txt', 'r')
})
test('a handle', async () => {
  kept.handle = await promises.open('opened.txt')
})
test('a stream', () =>
  new Promise<void>(resolve => void fs.createWriteStream('opened.txt').on('open', () => resolve())))
test('what only Node knows of', () => {
  const { port1 } = new MessageChannel()
  port1.on('message', () => {})
  const watching = promises.watch('.')[Symbol.asyncIterator]()
  void watching.next()
})
test('a thread', () =>
  new Promise<void>(resolve => {
    rollbackSafe(() => {}, { why: 'says nothing of threads' })
    new Worker('setInterval(() => {}, 1000)', { eval: true }).on('online', () => resolve())
  }))
test('nothing that matters', async () => {
  await wait(1)
  setTimeout(() => {}, 20)
  setTimeout(() => {}, 1000).unref()
  clearInterval(setInterval(() => {}, 1000))
  const own = net.createServer().listen(0)
  own.unref()
  const closed = net.createServer().listen(0)
  await wait(1)
  closed.close()
  const connection = connect()
  await new Promise<void>(resolve => connection.on('connect', resolve))
  connection.end()
  const fd = fs.openSync('opened.txt', 'r')
  fs.closeSync(fd)
  const handle = await promises.open('opened.txt')
  handle.close()
  fs.watch('.').close()
  fs.watch('.', { persistent: false })
  fs.createWriteStream('opened.txt').end()
  const socket = createSocket('udp4').bind(0)
  await new Promise<void>(resolve => socket.on('listening', resolve))
  socket.close()
  const thread = new Worker('setInterval(() => {}, 1000)', { eval: true })
  await new Promise(resolve => thread.on('online', resolve))
  thread.terminate()
  const child = spawn('sleep', ['60'])
  await new Promise<void>(resolve => child.on('spawn', resolve))
  child.kill()
  rollbackSafe(() => net.createServer().listen(0), { why: 'closed by nobody' })
})
test('and all is gone', async () => {
  await wait(250)
  expect(seen).toEqual([])
  const kinds = /^(TCPServerWrap|UDPWrap|StatWatcher)$/
  expect(process.getActiveResourcesInfo().filter(kind => kinds.test(kind))).toEqual([])
})
