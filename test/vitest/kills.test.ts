import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Killed, killRun, type Victim } from '../support/kill-run.ts'
import { runSuite } from '../support/run-suite.ts'
import { targetNames } from '../support/targets.ts'
import { failuresOf, outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const died = (how: string): string =>
  `failed: [forkpoint] The test did not end: its process ${how}. (ERR_FORKPOINT_CHILD)`
// The test's own 800 ms, and the 1,200 ms of forkpoint's option.
const silent = died(
  'stayed silent for 2000 ms and was killed (a busy loop, or a call that blocks the thread)',
)

const head = `
  import { setup } from 'forkpoint'
  import { closeSync, readdirSync, readFileSync, readlinkSync, writeFileSync, writeSync } from 'node:fs'
  import { describe, expect, test } from 'vitest'
  let state = 'new'
  const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  setup(() => { state = 'built' })
`

/** Tests that can't be ended by asking, and after each of them one that sees the state of the checkpoint. */
const stubborn = {
  'stubborn.test.ts': `${head}
    const pipesOf = (pid: number | string) => readdirSync('/proc/' + pid + '/fd').map(Number).flatMap(fd => {
      try {
        const link = readlinkSync('/proc/' + pid + '/fd/' + fd)
        const isWritable = /flags:.*1$/m.test(readFileSync('/proc/' + pid + '/fdinfo/' + fd, 'utf8'))
        return fd > 2 && link.startsWith('pipe:') ? [{ fd, link, isWritable }] : []
      } catch {
        return []
      }
    })
    /** The pipe that carries the result of this process to the one around it, which has the other end only. */
    const ownPipe = () => {
      const around = pipesOf(process.ppid)
      const isResult = (pipe: { link: string }) => {
        const ends = around.filter(({ link }) => link === pipe.link)
        return ends.length === 1 && ends[0]?.isWritable === false
      }
      return pipesOf('self').find(pipe => pipe.isWritable && isResult(pipe))?.fd ?? -1
    }
    describe.each(Object.entries({
      'blocks for ever': () => block(),
      'ignores SIGTERM and loops': () => {
        process.on('SIGTERM', () => {})
        process.kill(process.pid, 'SIGTERM')
        for (;;);
      },
      'is stopped': () => process.kill(process.pid, 'SIGSTOP'),
      'closes its result pipe': async () => closeSync(ownPipe()),
      'writes 10 MB to its result pipe': async () => {
        const bytes = Buffer.alloc(10e6, 'x')
        for (let at = 0; at < bytes.length; at += writeSync(ownPipe(), bytes, at));
      },
    }))('%s', (_, body) => {
      test('does', async () => {
        state = 'used'
        await body()
      })
      test('the next one runs', () => expect(state).toBe('built'))
    })
  `,
}

/** Tests that never end and can't be asked to, in two workers, one of them three processes deep. */
const endless = {
  'alone.test.ts': `${head}
    test('ignores signals', { timeout: 0 }, async () => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
      writeFileSync('inside-one', '')
      await new Promise(() => {})
    })
  `,
  'nested.test.ts': `${head}
    describe('suite', () => {
      setup(() => { state += ' twice' })
      describe('inner suite', () => {
        setup(() => { state += ' thrice' })
        test('blocks for ever', { timeout: 0 }, () => {
          writeFileSync('inside-two', '')
          block()
        })
      })
    })
  `,
}

/** Resolves when both tests have begun. */
async function bothInside(folder: string): Promise<void> {
  while (!['inside-one', 'inside-two'].every(name => existsSync(join(folder, name)))) await delay(20)
}

describe.each(targetNames)('%s', target => {
  describe('a test that can not be ended by asking', () => {
    const run = sharedRun({
      target,
      files: stubborn,
      plugin: { engine: 'fork', warmup: 0, timeout: 1200 },
      config: { testTimeout: 800 },
    })

    test.concurrent('is ended, and fails with the cause', async () => {
      const name = (of: string): string => `stubborn.test.ts > ${of} > does`
      expect(failuresOf(await run())).toEqual({
        [name('blocks for ever')]: silent,
        [name('ignores SIGTERM and loops')]: silent,
        [name('is stopped')]: silent,
        [name('closes its result pipe')]: died(
          'exited with code 98 before it had ended ' +
            '(its result could not be sent; the usual cause is a descriptor that was closed by code that did not open it)',
        ),
        [name('writes 10 MB to its result pipe')]: died(
          'exited with code 0 before it had ended (process.exit or process.reallyExit was called)',
        ),
      })
    })

    test.concurrent('leaves no process, and the tests after it run from the checkpoint', async () => {
      const others = Object.entries(outcomesOf(await run())).filter(([name]) =>
        name.endsWith('next one runs'),
      )
      expect(others.map(([, outcome]) => outcome)).toEqual(Array(5).fill('passed'))
      expect((await run()).leftover).toEqual([])
    })
  })

  test.concurrent.each<[Victim, NodeJS.Signals]>([
    ['main', 'SIGKILL'],
    ['main', 'SIGTERM'],
    ['group', 'SIGINT'],
  ])('tests that never end die with the run: %s, %s', async (victim, signal) => {
    const options = {
      target,
      files: endless,
      plugin: { engine: 'fork', warmup: 0 },
      config: { maxWorkers: 2 },
    }
    const killed: Killed = await killRun(options, { victim, signal, moment: bothInside }, 10_000)
    expect({ ...killed, run: undefined }).toMatchObject({ victim, leftover: [] })
    expect(killed.runMs).toBeLessThan(3000)
  })

  test.concurrent('processes that a test has started and left are left as by plain Vitest', async () => {
    const files = {
      'starts.test.ts': `
        import { setup } from 'forkpoint'
        import { spawn } from 'node:child_process'
        import { test } from 'vitest'
        setup(() => {})
        test('starts one', () => { spawn('sleep', ['30'], { stdio: 'ignore' }).unref() })
        test('starts one and fails', () => { spawn('sleep', ['30'], { stdio: 'ignore' }).unref(); throw new Error('no') })
      `,
    }
    const [plain, forked] = await Promise.all(
      [false as const, { engine: 'fork', warmup: 0 }].map(plugin => runSuite({ target, files, plugin })),
    )
    const namesOf = (leftover: readonly string[] = []): unknown => leftover.map(entry => entry.split(' ')[1])
    expect(namesOf(forked?.leftover)).toEqual(namesOf(plain?.leftover))
    expect(namesOf(forked?.leftover)).toEqual(['sleep', 'sleep'])
  })
})
