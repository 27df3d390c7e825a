// Passes only when each test is rolled back: nothing here is built anew by a setup but for one flag.
import { setup } from 'forkpoint'
import { beforeAll, describe, expect, test } from 'vitest'

class Counter {
  #count = 0
  static made = 0
  up(): number {
    return ++this.#count
  }
}

const list: string[] = ['first']
const counter = new Counter()
const weak = new WeakMap<object, number>([[list, 1]])
const numbers = (function* () {
  for (let number = 0; ; number++) yield number
})()
const memory = new WebAssembly.Memory({ initial: 1, maximum: 9 })
let resolve: (value: string) => void = () => {}
const promise = new Promise<string>(done => {
  resolve = done
})
let ready = false

setup(() => {
  ready = true
})

describe.each([1, 2, 3])('round %i', round => {
  beforeAll(() => {
    list.push(`beforeAll of ${round}`)
  })
  test.each(['a', 'b'])('%s', async name => {
    list.push(name)
    expect(list).toEqual(['first', `beforeAll of ${round}`, name])
    expect([ready, counter.up(), ++Counter.made, numbers.next().value]).toEqual([true, 1, 1, 0])
    ready = false
    expect(weak.get(list)).toBe(1)
    weak.set(list, 2)
    expect(memory.grow(1)).toBe(1)
    expect(Reflect.get(globalThis, 'leaked')).toBeUndefined()
    Reflect.set(globalThis, 'leaked', name)
    expect(process.env.LEAKED).toBeUndefined()
    process.env.LEAKED = name
    expect(process.listenerCount('SIGUSR2')).toBe(0)
    process.on('SIGUSR2', () => {})
    const here = process.cwd()
    process.chdir('/')
    expect(here).not.toBe('/')
    expect(await Promise.race([promise, 'pending'])).toBe('pending')
    resolve(name)
    expect(await promise).toBe(name)
  })
})

describe('nested', () => {
  setup(() => {
    list.push('nested')
  })
  test('sees it once', () => {
    expect(list.splice(0)).toEqual(['first', 'nested'])
  })
  test('sees it once again', () => {
    expect(list).toEqual(['first', 'nested'])
  })
  describe('deeper', () => {
    beforeAll(() => {
      list.push('deeper beforeAll')
    })
    setup(() => {
      list.push('deeper')
    })
    test('sees all', () => {
      // The setup around it runs once more after the beforeAll, as it would before each test.
      expect(list).toEqual(['first', 'nested', 'deeper beforeAll', 'nested', 'deeper'])
    })
    test('sees all again', { retry: 1 }, ({ task }) => {
      expect(list).toEqual(['first', 'nested', 'deeper beforeAll', 'nested', 'deeper'])
      list.length = 0
      expect(task.result?.retryCount).toBe(1)
    })
  })
  test('after it', () => {
    expect(list).toEqual(['first', 'nested'])
  })
})
test('at the end', () => {
  expect([list, counter.up()]).toEqual([['first'], 1])
})
