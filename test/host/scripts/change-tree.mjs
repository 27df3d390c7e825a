// Changes the tree in the working folder for ever, as tests do: a test of the guard ends it at some moment. Prints a line when it begins.
import fs from 'node:fs'
import { join } from 'node:path'

// As it is built.
const { startGuard, watchCalls } = await import(new URL('../../../dist/adapter.mjs', import.meta.url).href)

const [folder] = process.argv.slice(2)
watchCalls()
const guard = startGuard({
  root: process.cwd(),
  scope: 'all',
  rules: [],
  isStrict: false,
  trace: false,
  isOutside: () => false,
})
const file = 'change-tree.test.mjs'
const place = { suite: '', test: 'changes' }

let seed = Number(process.argv[3])
const random = below => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed % below
}
const name = () =>
  ['a.txt', 'b.txt', 'sub', 'sub/c.txt', 'sub/deep', 'sub/deep/d.txt', 'new', 'new/e.txt'][random(8)]
const at = () => join(folder, name())
const calls = [
  () => fs.writeFileSync(at(), 'x'.repeat(random(5000))),
  () => fs.appendFileSync(at(), 'more'),
  () => fs.mkdirSync(at(), { recursive: true }),
  () => fs.rmSync(at(), { recursive: true, force: true }),
  () => fs.renameSync(at(), at()),
  () => fs.cpSync(at(), at(), { recursive: true }),
  () => fs.chmodSync(at(), 0o600 + random(2) * 0o100),
  () => fs.symlinkSync('a.txt', at()),
  () => fs.linkSync(at(), at()),
  () => fs.truncateSync(at(), random(3)),
  () => fs.utimesSync(at(), 1, 1),
  () => fs.unlinkSync(at()),
]
fs.writeSync(1, 'begins\n')
for (let turn = 0; ; turn++) {
  guard.beginTest({ file, place, journal: `turn ${turn}`, isRolledBack: true })
  for (let call = 0; call < 15; call++) {
    try {
      calls[random(calls.length)]()
    } catch {
      // Most calls of most programs fail.
    }
  }
  await guard.endTest()
  guard.undo(`turn ${turn}`, { file, place })
}
