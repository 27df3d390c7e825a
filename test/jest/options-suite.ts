/** One file for each of the options that have a test. */
export const files = {
  'calls.test.js': `
    const { execFileSync, execSync } = require('node:child_process')
    const { writeFileSync, rmSync, existsSync } = require('node:fs')
    const { hostCall, onRollback, rollbackSafe, setup } = require('forkpoint')
    setup(() => {})
    test('runs a command', () => { execSync('true') })
    test('swallows all errors', () => {
      try {
        execFileSync('true')
      } catch {}
    })
    test('sends a signal', () => { process.kill(process.ppid, 'SIGCONT') })
    test('fetches', async () => { await (await fetch('http://127.0.0.1:' + process.env.PORT)).text() })
    test('declares a call safe', () => { rollbackSafe(() => execSync('true'), { why: 'does nothing' }) })
    const make = hostCall(name => writeFileSync(__dirname + '/' + name, name), {
      call: 'make',
      nature: 'compensable',
      undo: (_, [name]) => rmSync(__dirname + '/' + name),
      why: 'removed again',
    })
    test('undoes by a function of its own', () => {
      make('declared.txt')
      onRollback(() => expect(existsSync(__dirname + '/declared.txt')).toBe(true))
    })
    test('and it has run', () => { expect(existsSync(__dirname + '/declared.txt')).toBe(false) })
    test('leaves a file', () => { writeFileSync(__dirname + '/left.txt', 'x') })
  `,
  'disk.test.js': `
    const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
    const { join } = require('node:path')
    const { setup } = require('forkpoint')
    const at = name => join(__dirname, name)
    let folder
    setup(() => {
      folder = mkdtempSync(at('made-'))
      writeFileSync(join(folder, 'a.txt'), 'original')
      return () => rmSync(folder, { recursive: true })
    })
    test.each([1, 2, 3])('test %i has the files of the setup, and of no other test', () => {
      expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('original')
      expect([existsSync(at('own.txt')), existsSync(join(folder, 'b.txt'))]).toEqual([false, false])
      for (const path of [at('own.txt'), join(folder, 'a.txt'), join(folder, 'b.txt')]) writeFileSync(path, 'changed')
      expect(readFileSync(at('kept.txt'), 'utf8')).toBe('from the disk')
      writeFileSync(at('kept.txt'), 'changed')
    })
    test('a module that is first loaded by a test, and snapshots', () => {
      expect(require('./late.js')).toMatchSnapshot()
      expect(require('./late.js')).toMatchInlineSnapshot()
    })
  `,
  'late.js': `module.exports = 'loaded late'`,
  'kept.txt': 'from the disk',
  'verified.test.js': `
    const { appendFileSync, existsSync, readFileSync } = require('node:fs')
    const { onRollback, setup } = require('forkpoint')
    const path = __dirname + '/counted.txt'
    const times = line => {
      appendFileSync(path, line + '\\n')
      return readFileSync(path, 'utf8').split('\\n').filter(each => each === line).length
    }
    const seen = []
    setup(() => { seen.push('setup') })
    test('prints once', () => {
      times('prints')
      expect(seen).toEqual(['setup'])
      seen.push('test')
      console.log('printed')
      process.stdout.write('raw: written\\n')
    })
    test('has its snapshots once', () => { times('snapshots'); expect({ seen }).toMatchSnapshot() })
    test('fails once', () => { times('fails'); expect(seen).toEqual([]) })
    test('fails once with all that fails it', done => {
      times('late')
      expect.assertions(1)
      onRollback(() => { times('undone') })
      setTimeout(() => { setImmediate(done); throw new Error('late') })
    })
    test.failing('is to fail', () => { times('failing'); expect(1).toBe(2) })
    describe('inner', () => { test('passes only once', () => { expect(times('once')).toBe(1) }) })
    test('has another snapshot', () => { expect('time ' + times('snapshot')).toMatchSnapshot() })
    test('is one more than is verified', () => { times('seventh') })
  `,
  'together.test.js': `
    const { execFileSync } = require('node:child_process')
    const { existsSync, writeFileSync } = require('node:fs')
    const { setup } = require('forkpoint')
    let list
    setup(() => { list = ['built'] })
    // Each lets the next one pass: one after the other, the first would wait for ever.
    test.each([0, 1, 2])('waits for another: %i', async place => {
      writeFileSync(__dirname + '/here-' + place, '')
      process.stdout.write('raw: begins ' + place + '\\n')
      while (!existsSync(__dirname + '/here-' + ((place + 1) % 3))) await new Promise(resolve => setTimeout(resolve, 10))
      console.log('says', place)
      execFileSync('sh', ['-c', 'echo raw: ends ' + place], { stdio: 'inherit' })
      list.push('test ' + place)
      expect(list).toMatchSnapshot()
      expect(['built', 'test ' + place]).toEqual(list)
    }, 60_000)
    test('a crash', () => { process.kill(process.pid, 'SIGSEGV') })
    test('after it', () => { expect(list).toEqual(['built']); expect(list).toMatchInlineSnapshot() })
    test('and another', () => { expect(list).toMatchInlineSnapshot(); expect(list.push('x')).toBe(2) })
  `,
}
