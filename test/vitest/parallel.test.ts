import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { targetNames } from '../support/targets.ts'
import { failuresOf, outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { setup } from 'forkpoint'
  import { expect, test } from 'vitest'
`

const files = {
  // Each test lets the next one pass: one after the other, the first would wait for ever.
  'together.test.ts': `${head}
    import { existsSync, writeFileSync } from 'node:fs'
    let list: string[]
    setup(() => { list = ['built'] })
    test.each([0, 1, 2])('waits for another: %i', async place => {
      writeFileSync('here-' + place, '')
      const other = 'here-' + ((place + 1) % 3)
      await expect.poll(() => existsSync(other), { timeout: 20_000 }).toBe(true)
      list.push('test ' + place)
      expect(list).toEqual(['built', 'test ' + place])
    }, 30_000)
  `,
  'prints.test.ts': `${head}
    import { execFileSync } from 'node:child_process'
    let list: string[]
    setup(() => { list = ['built'] })
    test.each([0, 1, 2, 3, 4])('prints %i', async place => {
      process.stdout.write('raw: begins ' + place + '\\n')
      await new Promise(resolve => setTimeout(resolve, 50 * (5 - place)))
      console.log('says', place)
      execFileSync('sh', ['-c', 'echo raw: ends ' + place], { stdio: 'inherit' })
      const { late } = await import('./late.ts')
      expect(late(list)).toBe('built')
    })
  `,
  'late.ts': `export const late = (list: string[]): string | undefined => list.pop()`,
  'crashes.test.ts': `${head}
    let list: string[]
    setup(() => { list = ['built'] })
    test('before', () => { expect(list.push('x')).toBe(2) })
    test('crashes', () => { process.kill(process.pid, 'SIGSEGV') })
    test('after', () => { expect(list.push('x')).toBe(2) })
    test('blocks', () => { for (;;); }, 800)
    test('after that', () => { expect(list.push('x')).toBe(2) })
  `,
  'listens.test.ts': `${head}
    import { createServer, type Server } from 'node:http'
    import type { AddressInfo } from 'node:net'
    let server: Server
    let requests: number
    setup(async () => {
      requests = 0
      server = createServer((_, response) => response.end(String(++requests)))
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      return () => server.close()
    })
    test.each([1, 2, 3, 4])('asks %i', async () => {
      const { port } = server.address() as AddressInfo
      expect(await (await fetch('http://127.0.0.1:' + port)).text()).toBe('1')
    })
  `,
}

const crash =
  '[forkpoint] The test did not end: its process was killed by SIGSEGV (a crash in native code). (ERR_FORKPOINT_CHILD)'
const blocked =
  '[forkpoint] The test did not end: its process stayed silent for 2000 ms and was killed ' +
  '(a busy loop, or a call that blocks the thread). (ERR_FORKPOINT_CHILD)'

describe.each(targetNames)('%s', target => {
  const run = sharedRun({
    target,
    files,
    plugin: { engine: 'fork', warmup: 0, parallel: 3, timeout: 1200, report: 'report.json' },
  })

  test.concurrent('tests of a suite run at the same time, each from the checkpoint', async () => {
    const outcomes = Object.entries(outcomesOf(await run()))
    const together = outcomes.filter(([name]) => name.startsWith('together'))
    expect(together.map(([, outcome]) => outcome)).toEqual(['passed', 'passed', 'passed'])
  })

  test.concurrent('what they print comes in the order of the tests', async () => {
    const { captured, stdout } = await run()
    const lines = [0, 1, 2, 3, 4].flatMap(place => [`raw: begins ${place}`, `raw: ends ${place}`])
    expect(stdout.split('\n').filter(line => line.startsWith('raw: '))).toEqual(lines)
    const said = [0, 1, 2, 3, 4].map(
      place => captured.tasks[`prints.test.ts > prints ${place}`]?.console.stdout,
    )
    expect(said).toEqual(['says 0\n', 'says 1\n', 'says 2\n', 'says 3\n', 'says 4\n'])
  })

  test.concurrent('one that crashes, or blocks its thread, fails alone', async () => {
    expect(failuresOf(await run())).toEqual({
      'crashes.test.ts > crashes': `failed: ${crash}`,
      'crashes.test.ts > blocks': `failed: ${blocked}`,
    })
  })

  test.concurrent('where the setup left a server open they run one after the other, and the report says so', async () => {
    const report = JSON.parse((await run()).files['report.json'] ?? '{}')
    const findings = (report.findings as Finding[])
      .filter(({ kind }) => kind === 'fallback')
      .map(({ detail, file = '' }) => [file.replace(/.*\//, ''), detail])
    expect(findings).toEqual([
      [
        'listens.test.ts',
        'Tests ran one after the other: the setup left a TCP server open, and each request would go to any one of several ' +
          'processes; open it in the test.',
      ],
    ])
  })

  test.concurrent('no process is left', async () => {
    expect((await run()).leftover).toEqual([])
  })

  test.concurrent('more at once than a process can watch are run as it can', async () => {
    const many = {
      'many.test.ts': `${head}
        let list: string[]
        setup(() => { list = ['built'] })
        for (let i = 0; i < 70; i++) test('test ' + i, () => { expect(list.push('x')).toBe(2) })
      `,
    }
    const manyAtOnce = await sharedRun({
      target,
      files: many,
      plugin: { engine: 'fork', warmup: 0, parallel: 70 },
    })()
    const states = Object.values(outcomesOf(manyAtOnce))
    expect({ count: states.length, kinds: [...new Set(states)] }).toEqual({ count: 70, kinds: ['passed'] })
  })
})
