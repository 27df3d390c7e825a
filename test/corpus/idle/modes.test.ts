import { describe, expect, test } from 'vitest'
import { later } from './src/clock.ts'

test.skip('skipped', () => {
  throw new Error('must not run')
})
test.todo('to be written')
test.skipIf(true)('skipped by a condition', () => {})
test.runIf(true)('run by a condition', () => {})
test.fails('expected to fail, and does', () => {
  expect(1).toBe(2)
})
test.fails('expected to fail, and does not', () => {
  expect(1).toBe(1)
})
test.fails('expected to fail, asynchronously', async () => {
  await later(1, 0)
  throw new Error('later')
})

describe('dynamic skip', () => {
  test('without a note', ({ skip }) => {
    skip()
  })
  test('with a note', ({ skip }) => {
    expect(1).toBe(1)
    skip('not on this machine')
  })
  test('on a condition', ({ skip }) => {
    skip(false, 'is not skipped')
    skip(true, 'is skipped')
  })
  test('after a soft failure', ({ skip }) => {
    expect.soft(1).toBe(2)
    skip('after a failure')
  })
  test('asynchronously', async ({ skip }) => {
    await later(2, 0)
    skip('late')
  })
  test('next to them', () => {})
})

describe('each', () => {
  test.each([1, 2, 3])('number %i', number => {
    expect(number).not.toBe(2)
  })
  test.each([
    ['a', 1],
    ['b', 2],
  ])('%s is %d (%#)', (_, number) => {
    expect(number).toBeGreaterThan(0)
  })
  test.each([{ a: { b: 'deep' } }])('field $a.b', ({ a }) => {
    expect(a.b).toBe('deep')
  })
  test.each`
    one  | two  | sum
    ${1} | ${2} | ${3}
    ${2} | ${2} | ${5}
  `('$one + $two = $sum', ({ one, two, sum }) => {
    expect(one + two).toBe(sum)
  })
  test.for([[1, 1] as const, [2, 3] as const])('for %i and %i', ([one, two], { expect }) => {
    expect(one).toBe(two)
  })
  test.each(['same', 'same'])('%s name twice', () => {})
})

describe.each([{ kind: 'x' }, { kind: 'y' }])('suite of $kind', ({ kind }) => {
  test('is of its kind', () => {
    expect(kind).toBe('x')
  })
})

describe.skip('a skipped suite', () => {
  test('inside it', () => {
    throw new Error('must not run')
  })
})
describe.todo('a suite to be written')

describe('retries and repeats', () => {
  let tries = 0
  test('passes at the third try', { retry: 3 }, () => {
    expect(++tries).toBe(3)
  })
  test('never passes', { retry: 2 }, () => {
    expect('always').toBe('wrong')
  })
  let runs = 0
  test('repeated', { repeats: 2 }, () => {
    expect(++runs).toBeLessThan(9)
  })
  let failing = 0
  test('repeated, one fails', { repeats: 2 }, () => {
    expect(++failing).not.toBe(2)
  })
  let both = 0
  test('repeated and retried', { repeats: 1, retry: 2 }, () => {
    both++
    expect(both % 2).toBe(0)
  })
  test.fails('fails in every try', { retry: 1 }, () => {
    throw new Error('as wanted')
  })
})

describe('concurrent', () => {
  const running = new Set<string>()
  let most = 0
  test.concurrent.each(['a', 'b', 'c'])('%s at least 30 ms', async name => {
    running.add(name)
    most = Math.max(most, running.size)
    await later(31, 0)
    running.delete(name)
  })
  test('they ran at once', () => {
    expect(most).toBe(3)
  })
  test.concurrent('fails beside others', async ({ expect }) => {
    await later(3, 0)
    expect({ a: 1 }).toEqual({ a: 2 })
  })
  test.concurrent('snapshot beside others', async ({ expect }) => {
    await later(1, 0)
    expect('beside').toMatchSnapshot()
  })
})

describe.concurrent('a concurrent suite', () => {
  test('one', async ({ expect }) => {
    await later(5, 0)
    expect(1).toBe(1)
  })
  test('in sequence', { concurrent: false }, () => {})
  describe('nested in it', () => {
    test('two', async ({ expect }) => {
      await later(2, 0)
      expect(1).toBe(2)
    })
  })
})
