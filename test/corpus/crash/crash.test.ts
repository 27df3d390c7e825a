// Each way to end is tried in a test, and followed by a test that has to run as if nothing had happened.
import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'

const fruit: string[] = []

setup(() => {
  fruit.push('apple')
})

const endings: Readonly<Record<string, () => unknown>> = {
  'a segmentation fault': () => process.kill(process.pid, 'SIGSEGV'),
  'process.abort': () => process.abort(),
  'out of memory': () => {
    const kept: number[][] = []
    for (;;) kept.push(new Array<number>(100_000).fill(kept.length))
  },
  'a busy loop': () => {
    for (;;);
  },
  'process.exit': () => process.exit(3),
  'process.reallyExit': () => (process as unknown as { reallyExit(code: number): never }).reallyExit(3),
  'an endless promise': () => new Promise(() => {}),
  'its own SIGKILL': () => process.kill(process.pid, 'SIGKILL'),
  'an exception in a timer': () =>
    new Promise(() => {
      setTimeout(() => {
        throw new Error('thrown in a timer')
      })
    }),
  'an unhandled rejection': () => {
    void Promise.reject(new Error('rejected, and nobody waits'))
    return new Promise(resolve => setImmediate(resolve))
  },
}

describe.each(Object.keys(endings))('%s', name => {
  test('ends it', { timeout: 800 }, async () => {
    fruit.length = 0
    await endings[name]?.()
  })
  test('and the next one runs', () => {
    expect(fruit).toEqual(['apple'])
  })
})
