// node measure-calls.mjs ADAPTER on|off: nanoseconds per call of functions that the guard has nothing to say of, as JSON; with it
// they are measured while a test is watched.
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [adapter, state] = process.argv.slice(2)
const file = join(tmpdir(), `forkpoint-bench-${process.pid}`)
fs.writeFileSync(file, 'x'.repeat(100))
if (state === 'on') {
  const { startGuard, watchCalls } = await import(adapter)
  watchCalls()
  const guard = startGuard({
    root: tmpdir(),
    scope: 'fixture',
    rules: [],
    isStrict: false,
    trace: false,
    isOutside: () => false,
  })
  guard.beginTest({ file: 'a.test.mjs', place: { suite: '', test: 'bench' }, journal: 'bench' })
}
const calls = {
  readFileSync: () => fs.readFileSync(file),
  'openSync to read': () => fs.closeSync(fs.openSync(file, 'r')),
  statSync: () => fs.statSync(file),
  existsSync: () => fs.existsSync(file),
  setTimeout: () => clearTimeout(setTimeout(() => {}, 1000)),
  'Date.now': () => Date.now(),
  'Math.random': () => Math.random(),
}
const ROUNDS = 9
const result = {}
for (const [name, call] of Object.entries(calls)) {
  const count = name.endsWith('Sync') || name.startsWith('open') ? 5000 : 100_000
  const times = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < count; i++) call()
    times.push(Number(process.hrtime.bigint() - start) / count)
  }
  result[name] = times.sort((a, b) => a - b)[ROUNDS >> 1]
}
fs.rmSync(file)
process.stdout.write(JSON.stringify(result))
process.exit(0)
