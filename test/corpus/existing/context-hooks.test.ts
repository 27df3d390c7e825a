// biome-ignore-all lint/suspicious/noDuplicateTestHooks: how several hooks of one suite work together is tested here
// Hooks that take the context in every way there is to write it, among hooks that do not, in orders that matter.
import { beforeEach, describe, expect, test } from 'vitest'

interface Context {
  task: { name: string }
}
let name = ''
let store = new Map<string, string>()

describe('a hook that needs what one with context made', () => {
  beforeEach(({ task }) => {
    name = task.name
    store = new Map()
  })
  beforeEach(() => {
    store.set('name', name)
  })
  test('first', () => {
    expect(store).toEqual(new Map([['name', 'first']]))
    store.set('more', 'x')
  })
  test('second', () => {
    expect(store).toEqual(new Map([['name', 'second']]))
  })
  describe('in a nested suite too', () => {
    beforeEach(() => {
      store.set('nested', name)
    })
    test('third', () => {
      expect([...store.values()]).toEqual(['third', 'third'])
    })
    test('fourth', () => {
      expect([...store.values()]).toEqual(['fourth', 'fourth'])
    })
  })
})

describe('a hook with context after one without', () => {
  beforeEach(() => {
    store = new Map([['built', 'yes']])
  })
  beforeEach(({ task }) => {
    store.set('name', task.name)
  })
  test('first', () => {
    expect(Object.fromEntries(store)).toEqual({ built: 'yes', name: 'first' })
    store.clear()
  })
  test('second', () => {
    expect(Object.fromEntries(store)).toEqual({ built: 'yes', name: 'second' })
  })
})

describe('ways to take the context', () => {
  const seen: string[] = []
  const named = (context: Context): void => {
    seen.push(`named: ${context.task.name}`)
  }
  beforeEach(() => {
    seen.length = 0
  })
  beforeEach(context => {
    seen.push(`parameter: ${context.task.name}`)
  })
  beforeEach((...rest) => {
    seen.push(`rest: ${rest[0].task.name}`)
  })
  beforeEach((context: Partial<Context> = {}) => {
    seen.push(`default: ${context.task?.name}`)
  })
  beforeEach(function () {
    // biome-ignore lint/complexity/noArguments: a hook may be written so
    const [context]: Context[] = Array.from(arguments)
    seen.push(`arguments: ${context?.task.name}`)
  })
  beforeEach(named)
  beforeEach(named.bind(null))
  beforeEach(async ({ task: { name: deep } }) => {
    await null
    seen.push(`deep: ${deep}`)
  })
  test('first', () => {
    expect(seen).toMatchSnapshot()
    seen.length = 0
  })
  test('second', () => {
    expect(seen).toMatchSnapshot()
  })
})

describe('hooks given by name', () => {
  const build = (): void => {
    store = new Map([['from', 'build']])
  }
  function add(): void {
    store.set('and', 'add')
  }
  const hooks = { more: () => store.set('and', 'more') }
  beforeEach(build)
  beforeEach(add)
  beforeEach(hooks.more)
  test('first', () => {
    expect([...store.values()]).toEqual(['build', 'more'])
    store.clear()
  })
  test('second', () => {
    expect([...store.values()]).toEqual(['build', 'more'])
  })
})

describe('hooks that know the test without being told', () => {
  let known: string | undefined
  beforeEach(() => {
    known = expect.getState().currentTestName
  })
  test('first', () => {
    expect(known).toMatch(/first$/)
  })
  test('second', () => {
    expect(known).toMatch(/second$/)
  })
})
