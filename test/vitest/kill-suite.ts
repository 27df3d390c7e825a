/** Files of a suite to be killed: checkpoints three deep, tests that wait and tests that work, for some two seconds. */
export const killSuite: Record<string, string> = Object.fromEntries(
  Array.from({ length: 4 }, (_, index) => [
    `part-${index}.test.ts`,
    `
    import { setup } from 'forkpoint'
    import { beforeAll, describe, expect, test } from 'vitest'
    let log: string[] = []
    const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
    const work = (ms: number) => { for (const end = performance.now() + ms; performance.now() < end;); }
    setup(async () => { await wait(20); log = ['outer'] })
    const tests = () => test.each([1, 2, 3, 4])('test %i', async number => {
      console.log('line of test ' + number)
      if (number % 2) await wait(30)
      else work(30)
      expect(log.at(-1)).not.toBe('test')
      log.push('test')
    })
    tests()
    describe('inner', () => {
      setup(async () => { await wait(20); log.push('inner') })
      tests()
      describe('innermost', () => {
        beforeAll(() => { log.push('all') })
        setup(() => { log.push('innermost') })
        tests()
      })
    })
    `,
  ]),
)
