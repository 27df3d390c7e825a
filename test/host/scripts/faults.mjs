// Runs one test under a guard where something goes wrong, and undoes it: prints what was reported, as JSON. A test of the guard looks at the
// disk before and after. Arguments: the project's folder, what goes wrong.
import fs from 'node:fs'
import { join } from 'node:path'

// As it is built.
const { recoverJournals, startGuard, watchCalls } = await import(
  new URL('../../../dist/adapter.mjs', import.meta.url).href
)

const [root, fault] = process.argv.slice(2)
const at = name => join(root, 'tree', name)
const print = value => fs.writeSync(1, JSON.stringify(value))

const bodies = {
  /** More than the journal's log may hold, with small changes in between. */
  'no space for the journal': () => {
    for (let n = 0; n < 12; n++) {
      fs.writeFileSync(at(`large-${n}.txt`), 'x')
      fs.writeFileSync(at(`small-${n}.txt`), 'x')
    }
  },
  'a folder that is closed': () => {
    fs.writeFileSync(at('sub/c.txt'), 'changed')
    fs.mkdirSync(at('new/deep'), { recursive: true })
    fs.writeFileSync(at('new/deep/file.txt'), 'new')
    for (const name of ['sub', 'new/deep', 'new']) fs.chmodSync(at(name), 0)
  },
  'a file that nobody may read': () => fs.unlinkSync(at('secret.txt')),
  'no permission for the journal': () => fs.writeFileSync(at('a.txt'), 'changed'),
  'a folder that nobody may write to': () => {
    fs.unlinkSync(at('sub/c.txt'))
    fs.writeFileSync(at('a.txt'), 'changed')
  },
  'an end by force': () => {
    fs.writeFileSync(at('a.txt'), 'changed')
    for (const name of ['large-0.txt', 'huge.txt']) fs.unlinkSync(at(name))
  },
}

if (fault === 'recover') {
  print({ ...recoverJournals(root), findings: [] })
} else {
  watchCalls()
  const isOutside = () => false
  const guard = startGuard({ root, scope: 'all', rules: [], isStrict: false, trace: false, isOutside })
  const test = { file: 'faults.test.mjs', place: { suite: '', test: fault } }
  // Root may do everything.
  if (process.getuid() === 0 && fault !== 'no space for the journal') {
    process.setegid(65534)
    process.seteuid(65534)
  }
  guard.beginTest({ ...test, journal: 'test', isRolledBack: true })
  bodies[fault]()
  if (fault === 'an end by force') process.kill(process.pid, 'SIGKILL')
  await guard.endTest()
  if (fault === 'a folder that nobody may write to') fs.chmodSync(at('sub'), 0o555)
  const { undone, failed } = guard.undo('test', test)
  print({ undone, failed, findings: guard.takeFindings() })
}
