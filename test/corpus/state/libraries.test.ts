// State outside the JavaScript heap, and of libraries: each test looks at one kind of it and then changes it.
import { createHash, type Hash } from 'node:crypto'
import { once as onceEmitted } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BrotliCompress, brotliDecompressSync, createBrotliCompress } from 'node:zlib'
import { Volume } from 'memfs'
import { describe, expect, test } from 'vitest'
import { once } from './src/once.ts'

/** A module whose only function adds one to its global variable, and returns it. */
const COUNTER = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f, 0x03],
  ...[0x02, 0x01, 0x00, 0x06, 0x06, 0x01, 0x7f, 0x01, 0x41, 0x00, 0x0b, 0x07, 0x06, 0x01, 0x02, 0x75],
  ...[0x70, 0x00, 0x00, 0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x23, 0x00, 0x41, 0x01, 0x6a, 0x24, 0x00, 0x23],
  ...[0x00, 0x0b],
)

const memory = new WebAssembly.Memory({ initial: 1, maximum: 9 })
let countUp: () => number
let hash: Hash
let stream: BrotliCompress
let chunks: Buffer[]
let volume: Volume
let url: string

once(async () => {
  const { instance } = await WebAssembly.instantiate(COUNTER)
  countUp = instance.exports.up as () => number
  memory.grow(1)
  new Uint8Array(memory.buffer)[65_536] = 5
  hash = createHash('sha256').update('first ')
  stream = createBrotliCompress()
  chunks = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise(resolve => {
    stream.write('first ')
    stream.flush(() => resolve(null))
  })
  volume = Volume.fromJSON({ '/shop/prices.txt': 'apple 1' })
  let requests = 0
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ requests: ++requests, pid: process.pid })),
  ).listen(0, '127.0.0.1')
  await onceEmitted(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return () => server.close()
})

describe.each(['first', 'second'])('%s round', () => {
  test('globals of WebAssembly', () => {
    expect(countUp()).toBe(1)
  })
  test('memory of WebAssembly', () => {
    const bytes = new Uint8Array(memory.buffer)
    expect([bytes.length, bytes[0], bytes[65_536]]).toEqual([2 * 65_536, 0, 5])
    bytes[0] = 1
    bytes[65_536] = 6
  })
  test('grown memory of WebAssembly', () => {
    expect(memory.grow(3)).toBe(2)
    expect(memory.buffer.byteLength).toBe(5 * 65_536)
  })
  test('a hash that is being computed', () => {
    const whole = createHash('sha256').update('first last').digest('hex')
    expect(hash.update('last').digest('hex')).toBe(whole)
  })
  test('a stream that is being compressed', async () => {
    stream.end('last')
    await onceEmitted(stream, 'end', { signal: AbortSignal.timeout(1000) })
    expect(brotliDecompressSync(Buffer.concat(chunks)).toString()).toBe('first last')
  })
  test('a volume in memory', () => {
    expect(volume.toJSON()).toEqual({ '/shop/prices.txt': 'apple 1' })
    volume.writeFileSync('/shop/prices.txt', 'apple 2')
    volume.mkdirSync('/shop/orders')
  })
  test('a server', async ({ task }) => {
    const answer = (await (await fetch(url)).json()) as { requests: number; pid: number }
    expect(answer).toEqual({ requests: 1, pid: process.pid })
    Reflect.set(task.meta, 'pid', process.pid)
  })
})
