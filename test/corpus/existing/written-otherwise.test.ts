// biome-ignore-all lint/suspicious/noDuplicateTestHooks: how several hooks of one suite work together is tested here
// Hooks and suites written in less usual ways.
import * as vitest from 'vitest'
import { beforeEach as before, describe, expect, it, suite } from 'vitest'

const { beforeEach } = vitest
let list: string[] = []

suite('an alias', () => {
  before(() => {
    list = ['alias']
  })
  it('first', () => {
    list.push('x')
    expect(list).toHaveLength(2)
  })
  it('second', () => {
    expect(list).toEqual(['alias'])
  })
})

describe('through the namespace', () => {
  vitest.beforeEach(() => {
    list = ['namespace']
  })
  beforeEach(() => void list.push('taken out of it'))
  it('first', () => {
    list.length = 0
  })
  it('second', () => {
    expect(list).toEqual(['namespace', 'taken out of it'])
  })
})

describe('in a helper', () => {
  const useList = (...names: string[]): void => {
    before(() => {
      list = names.map(name => name.toUpperCase())
    })
  }
  useList('a', 'b')
  it('first', () => {
    list.pop()
    expect(list).toEqual(['A'])
  })
  it('second', () => {
    expect(list).toEqual(['A', 'B'])
  })
})

describe('in a condition and a loop', () => {
  before(() => {
    list = []
  })
  for (const name of ['a', 'b']) {
    before(() => {
      list.push(name)
    })
    if (name === 'b')
      before(async () => {
        await null
        list.push('last')
      })
  }
  it('first', () => {
    expect(list.splice(0)).toEqual(['a', 'b', 'last'])
  })
  it('second', () => {
    expect(list).toEqual(['a', 'b', 'last'])
  })
})

describe('with this, async and generators', () => {
  class Builder {
    names: string[] = []
    hook = async (): Promise<void> => {
      this.names = ['this']
    }
  }
  const builder = new Builder()
  before(builder.hook)
  it('first', () => {
    builder.names.push('x')
    expect(builder.names).toHaveLength(2)
  })
  it('second', () => {
    expect(builder.names).toEqual(['this'])
  })
})
