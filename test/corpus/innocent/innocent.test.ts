// Programs that do nothing to the world outside that a rollback would have to take back: the guard has nothing to say of any.
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  createHash,
  generateKeyPairSync,
  pbkdf2,
  randomBytes,
  randomUUID,
  scryptSync,
  subtle,
} from 'node:crypto'
import { createSocket } from 'node:dgram'
import { channel } from 'node:diagnostics_channel'
import { lookup } from 'node:dns/promises'
import { EventEmitter, once } from 'node:events'
import fs, { createReadStream, readFileSync } from 'node:fs'
import promises from 'node:fs/promises'
import http from 'node:http'
import http2 from 'node:http2'
import { createRequire } from 'node:module'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import { join } from 'node:path'
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import vm from 'node:vm'
import { brotliCompressSync, createGzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import { setup } from 'forkpoint'
import { fs as memory, vol } from 'memfs'
import { expect, test, vi } from 'vitest'

const data = join(import.meta.dirname, 'data.txt')
let server: http.Server
let folder: string
setup(() => {
  folder = fs.mkdtempSync(join(os.tmpdir(), 'forkpoint-innocent-'))
  fs.writeFileSync(join(folder, 'a.txt'), 'a')
  return () => fs.rmSync(folder, { recursive: true })
})
const answering = async (body: (port: number) => unknown): Promise<void> => {
  server = http.createServer((_, response) => response.end('answer')).listen(0)
  await once(server, 'listening')
  await body((server.address() as AddressInfo).port)
  server.close()
  server.closeAllConnections()
}

const programs: Record<string, () => unknown> = {
  'reads a file': () => readFileSync(data, 'utf8'),
  'reads a file with a callback': () => promisify(fs.readFile)(data),
  'reads a file with a promise': () => promises.readFile(data),
  'reads through a descriptor': () => {
    const fd = fs.openSync(data, 'r')
    fs.readSync(fd, Buffer.alloc(4))
    fs.closeSync(fd)
  },
  'reads through a handle': async () => {
    const handle = await promises.open(data)
    for await (const _ of handle.readLines());
    await handle.close()
  },
  'streams a file': () => pipeline(createReadStream(data), new PassThrough().resume()),
  'lists folders': () => [fs.readdirSync('.', { recursive: true }), fs.opendirSync('.').closeSync()],
  'asks about files': () => [fs.existsSync('no'), fs.statSync('.'), fs.realpathSync('.'), fs.accessSync('.')],
  'fails to write': () => expect(() => fs.writeFileSync('no/such/folder', 'x')).toThrow(),
  'fails to remove': () => promises.rm('no-such-file').catch(() => {}),
  'removes what is not there': () => fs.rmSync('no-such-file', { force: true }),
  'makes a folder that is there': () => fs.mkdirSync('.', { recursive: true }),
  'changes files of its setup': () => fs.writeFileSync(join(folder, 'a.txt'), 'changed'),
  'adds files to those of its setup': () => promises.writeFile(join(folder, 'b.txt'), 'b'),
  'has a temporary folder': () => {
    const own = fs.mkdtempSync(join(os.tmpdir(), 'forkpoint-innocent-'))
    fs.writeFileSync(join(own, 'x'), 'x')
  },
  'cleans up what it has written': async () => {
    fs.writeFileSync('temporary.txt', 'x')
    await promises.appendFile('temporary.txt', 'y')
    fs.unlinkSync('temporary.txt')
  },
  'writes to a log': () => fs.appendFileSync('log.txt', 'line\n'),
  'writes to the null device': () => fs.writeFileSync('/dev/null', 'x'),
  'writes to memfs': () => {
    vol.fromJSON({ '/app/a.txt': 'a' })
    memory.writeFileSync('/app/b.txt', 'b')
  },
  'fetches from a server of its own': () =>
    answering(async port => expect(await (await fetch(`http://localhost:${port}`)).text()).toBe('answer')),
  'requests of a server of its own': () =>
    answering(async port => {
      const [response] = await once(http.get({ port }), 'response')
      response.resume()
    }),
  'keeps connections to its own server': () =>
    answering(async port => {
      const agent = new http.Agent({ keepAlive: true })
      const [response] = await once(http.get({ port, agent }), 'response')
      response.resume()
      await once(response, 'end')
      agent.destroy()
    }),
  'talks HTTP/2 to itself': async () => {
    const own = http2.createServer((_, response) => response.end('answer')).listen(0)
    const client = http2.connect(`http://localhost:${(own.address() as AddressInfo).port}`)
    const stream = client.request({ ':path': '/' }).resume()
    await once(stream, 'end')
    client.close()
    own.close()
  },
  'talks to itself over a socket with a path': async () => {
    const path = join(folder, 'socket')
    const own = net.createServer(socket => socket.end('x')).listen(path)
    await once(own, 'listening')
    await once(net.connect(path).resume(), 'end')
    own.close()
  },
  'sends a message to itself': async () => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    socket.send('x', port, '127.0.0.1')
    await once(socket, 'message')
    socket.close()
  },
  'fails to connect': async () => {
    const [error] = await once(net.connect(1, '127.0.0.1'), 'error').catch(thrown => [thrown])
    expect(error).toBeInstanceOf(Error)
  },
  'asks for a name': () => lookup('localhost'),
  'waits for a timer': () => delay(1),
  'has an interval that ends': () =>
    new Promise<void>(resolve => {
      const interval = setInterval(() => {
        clearInterval(interval)
        resolve()
      }, 1)
    }),
  'fakes timers': () => {
    vi.useFakeTimers()
    setTimeout(() => {}, 1000)
    vi.runAllTimers()
    vi.useRealTimers()
  },
  prints: () => {
    console.log('printed')
    console.error('printed')
    process.stdout.write('printed\n')
  },
  compresses: async () => {
    expect(gunzipSync(gzipSync('x')).toString()).toBe('x')
    brotliCompressSync('x')
    await promisify(gzip)('x')
    await pipeline(Readable.from(['x']), createGzip(), new PassThrough().resume())
  },
  encrypts: async () => {
    createHash('sha256').update('x').digest()
    scryptSync('x', 'y', 16)
    await promisify(pbkdf2)('x', 'y', 1, 16, 'sha256')
    generateKeyPairSync('ed25519')
    await subtle.digest('SHA-256', Buffer.from('x'))
  },
  'makes random values': () => [
    randomBytes(8),
    randomUUID(),
    Math.random(),
    crypto.getRandomValues(new Uint8Array(4)),
  ],
  'reads clocks': () => [Date.now(), performance.now(), process.hrtime.bigint(), process.memoryUsage()],
  'measures itself': () => {
    const observer = new PerformanceObserver(() => {})
    observer.observe({ entryTypes: ['mark'] })
    performance.mark('x')
    observer.disconnect()
  },
  'asks about the machine': () => [os.cpus(), os.hostname(), os.networkInterfaces(), os.userInfo()],
  'changes its environment': () => {
    process.env.INNOCENT = '1'
    process.title = 'innocent'
    delete process.env.INNOCENT
  },
  'works in another folder': () => {
    const before = process.cwd()
    process.chdir(folder)
    process.chdir(before)
  },
  'asks whether it is alive': () => process.kill(process.pid, 0),
  'sends itself a signal': async () => {
    const heard = once(process, 'SIGUSR2')
    process.kill(process.pid, 'SIGUSR2')
    await heard
  },
  'runs code in a context': () => vm.runInNewContext('1 + 1'),
  'loads a module late': () => createRequire(import.meta.url)('node:string_decoder'),
  'imports a module late': () => import('node:querystring'),
  serialises: () => [v8.deserialize(v8.serialize({ a: 1 })), structuredClone(new Map())],
  'emits events': () => new EventEmitter().on('x', () => {}).emit('x'),
  'has an asynchronous context': () => new AsyncLocalStorage().run(1, () => Promise.resolve()),
  'publishes on a channel': () => channel('innocent').publish({}),
  'reads lines': async () => {
    for await (const _ of createInterface({ input: Readable.from(['a\nb']) }));
  },
  'transforms a stream': () =>
    pipeline(
      Readable.from(['x']),
      new Transform({ transform: (x, _, done) => done(null, x) }),
      new PassThrough().resume(),
    ),
  'runs WebAssembly': () => WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
  'takes snapshots': () =>
    expect({ a: 1 }).toMatchInlineSnapshot(`
    {
      "a": 1,
    }
  `),
}

test.each(Object.entries(programs))('a program that %s', (_, program) => program())
