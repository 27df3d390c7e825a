// Calls that can't be taken back, and one file that stays.
import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import fs from 'node:fs'
import http from 'node:http'
import { Worker } from 'node:worker_threads'
import { hostCall, setup } from 'forkpoint'
import { test } from 'vitest'

// Node's client is loaded here, and not in a test.
await fetch('data:,')
setup(() => {})
const port = Number(process.env.PORT)

test('runs a command', () => {
  execSync('true')
})
test('runs one twice', () => {
  for (const _ of [1, 2]) spawnSync('true')
})
test('starts a process', () => new Promise(resolve => spawn('true').on('close', resolve)))
test('leaves a process', () => {
  spawn('sleep', ['60'])
})
test('fetches', () => fetch(`http://127.0.0.1:${port}`).then(response => response.text()))
test('requests', () =>
  new Promise<void>(resolve => {
    const options = { port, host: '127.0.0.1', agent: false }
    http.get(options, response => response.resume().on('end', () => resolve()))
  }))
test('sends a message', () =>
  new Promise<void>((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.send('x', 9, '127.0.0.1', error => {
      socket.close()
      error ? reject(error) : resolve()
    })
  }))
test('starts a thread', () => new Worker('', { eval: true }).terminate())
test('leaves a file', () => fs.writeFileSync('left.txt', 'x'))
const send = hostCall(() => {}, { call: 'mailer.send', nature: 'unsafe', why: 'a mail is on its way' })
test('calls what is declared unsafe', () => send())
test('swallows all errors', () => {
  try {
    execFileSync('true')
  } catch {}
})
