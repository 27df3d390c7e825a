// The kinds of work a test may do in a child. Each is given `random(n)`, an integer below n from the run's seed, takes
// some milliseconds, and throws when its result is wrong.
import { execFile } from 'node:child_process'
import { pbkdf2, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Script } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { gunzip, gzip } from 'node:zlib'
import { buildWasmModule } from './wasm-module.mjs'

const own = fileURLToPath(import.meta.url)
const wasm = buildWasmModule(150)

function expectEqual(got, wanted, what) {
  if (got !== wanted) throw new Error(`${what}: got ${got} instead of ${wanted}`)
}

export const load = {
  allocate(random) {
    const kept = new Map()
    for (let i = 0; i < 5000 + random(60000); i++)
      kept.set(`k${i}`, { i, bytes: i % 50 ? i : new Uint8Array(2000) })
    expectEqual(kept.get('k4999').i, 4999, 'allocate')
  },
  collectGarbage(random) {
    globalThis.gc({ type: random(3) ? 'minor' : 'major' })
  },
  compile(random) {
    for (let round = 0; round < 1 + random(4); round++) {
      const text = `let sum = ${random(1e6)}; for (let k = 0; k < n; k++) { sum = (sum * 31 + (object.a | 0) + k) | 0
        if (k % 97 === 0) object = { a: k, b: object }; if (k % 1000 === 0) object = { a: k } } return sum`
      const made = new Function('object', 'n', text)
      for (let i = 0; i < 100; i++) made({ a: i }, 200)
      expectEqual(made({ a: 1 }, 30000), made({ a: 1 }, 30000), 'compile')
    }
  },
  evaluate(random) {
    const parts = Array.from(
      { length: 50 },
      (_, i) => `const a${i} = ${random(9)}; function f${i}() { return a${i} }; f${i}()`,
    )
    new Script(`{ ${parts.join('\n')} }`).runInThisContext()
  },
  async wasm() {
    const { instance } = await WebAssembly.instantiate(wasm)
    let last = 0
    for (let i = 0; i < 1000; i++) last = instance.exports.add(i, 0)
    expectEqual(last, 999, 'wasm')
  },
  async timers(random) {
    await sleep(random(4))
    await new Promise(resolve => setImmediate(resolve))
  },
  async files(random) {
    const calls = () => [readFile(own), stat(own), readdir('/')]
    for (let i = 0; i <= random(3); i++) await Promise.all(calls())
  },
  async zlib(random) {
    const bytes = Buffer.alloc(20000 + random(200000), 'forkpoint')
    const packed = await promisify(gzip)(bytes)
    expectEqual((await promisify(gunzip)(packed)).length, bytes.length, 'zlib')
  },
  async crypto() {
    const keys = [1, 2, 3].map(() => promisify(pbkdf2)('password', 'salt', 1000, 32, 'sha256'))
    expectEqual(new Set((await Promise.all(keys)).map(String)).size, 1, 'pbkdf2')
    await promisify(randomBytes)(32)
  },
  async http(random) {
    const text = `answer ${random(1e9)}`
    const server = createServer((_, response) => response.end(text))
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    const response = await fetch(`http://127.0.0.1:${server.address().port}`)
    expectEqual(await response.text(), text, 'http')
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  },
  async spawn(random) {
    const text = String(random(1e9))
    expectEqual((await promisify(execFile)('/bin/echo', [text])).stdout, `${text}\n`, 'spawn')
  },
  async worker(random) {
    const number = random(1e9)
    const source = `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', message => parentPort.postMessage(message + 1))`
    const worker = new Worker(source, { eval: true })
    worker.postMessage(number)
    const [got] = await once(worker, 'message')
    expectEqual(got, number + 1, 'worker')
    await worker.terminate()
  },
  async workerEnds(random) {
    // A collection leaves work for V8's workers, and Node waits for all of it when the loop of a worker thread is empty.
    globalThis.gc({ type: random(2) ? 'minor' : 'major' })
    const source = `const { parentPort, workerData } = require('node:worker_threads')
      const kept = []
      for (let i = 0; i < 50000; i++) kept.push({ i })
      WebAssembly.instantiate(workerData).then(({ instance }) => parentPort.postMessage(instance.exports.add(kept.length, 0)))`
    const worker = new Worker(source, { eval: true, workerData: wasm })
    const [[sum], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
    expectEqual(sum, 50000, 'worker')
    expectEqual(code, 0, "a worker's exit code")
  },
}
