import { describe, expect, test } from 'vitest'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  // 25 tests of 8 requests, half of them over connections that the setup has opened.
  'server.test.ts': `
    import { once } from 'node:events'
    import { Agent, createServer, request } from 'node:http'
    import { setup } from 'forkpoint'
    import { expect, test } from 'vitest'

    let visits = 0
    let port = 0
    const agent = new Agent({ keepAlive: true })
    const server = createServer((_, response) => response.end(process.pid + ' ' + ++visits))
    const ask = () => new Promise((resolve, reject) => {
      request({ agent, port, host: '127.0.0.1' }, async response => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve(text)
      }).on('error', reject).end()
    })
    const fetchText = async () => (await fetch('http://127.0.0.1:' + port)).text()

    setup(async () => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      port = server.address().port
      await ask()
      await fetchText()
    })

    test.each(Array.from({ length: 25 }, (_, index) => index))('test %i', async index => {
      for (let i = 0; i < 4; i++) {
        expect(await ask()).toBe(process.pid + ' ' + (2 * i + 3))
        expect(await fetchText()).toBe(process.pid + ' ' + (2 * i + 4))
      }
      // And leaves a request without waiting for its answer, or ends a connection.
      if (index % 2) void ask()
      else Object.values(agent.freeSockets).flat()[0].end()
    })
  `,
  'offset.test.ts': `
    import { openSync, readSync, writeFileSync, writeSync, readFileSync, ftruncateSync } from 'node:fs'
    import { setup } from 'forkpoint'
    import { describe, expect, test } from 'vitest'

    let file: number
    const take = () => {
      const bytes = Buffer.alloc(3)
      return bytes.toString('utf8', 0, readSync(file, bytes))
    }
    setup(() => {
      writeFileSync('letters.txt', 'abcdefghijkl')
      file = openSync('letters.txt', 'r')
      take()
    })
    test.each([1, 2, 3])('test %i', { repeats: 1 }, () => {
      expect(take() + take()).toBe('defghi')
    })
    describe('nested', () => {
      setup(() => void take())
      test.each([1, 2])('test %i', () => expect(take()).toBe('ghi'))
    })
    test('at the end', () => expect(take()).toBe('def'))
  `,
}

describe.each(targetNames)('%s', target => {
  test.concurrent('servers, their connections and open files are those of each test', async () => {
    const run = await sharedRun({
      target,
      files,
      plugin: { engine: 'fork', warmup: 0, report: 'report.json' },
    })()
    const failed = Object.entries(outcomesOf(run)).filter(([, outcome]) => outcome !== 'passed')
    expect([run.exitCode, failed, Object.keys(outcomesOf(run)).length]).toEqual([0, [], 31])
    const { findings } = JSON.parse(run.files['report.json'] ?? '{}')
    expect(findings).toEqual([])
  })
})
