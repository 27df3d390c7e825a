// Three levels deep, and suites with nothing but suites.
import { setup } from 'forkpoint'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

let path: string[] = []
const opened = new Set<string>()
const open = (name: string): void => {
  beforeAll(() => {
    opened.add(name)
  })
  afterAll(() => {
    opened.delete(name)
  })
}

setup(() => {
  path = ['file']
})
afterEach(() => {
  console.log(`${path.join('/')} with ${[...opened].join()}`)
})

describe('a', () => {
  open('a')
  setup(() => {
    path.push('a')
  })
  describe('b', () => {
    open('b')
    setup(() => {
      path.push('b')
    })
    describe('c', () => {
      open('c')
      setup(() => {
        path.push('c')
      })
      test('one', () => {
        expect([path.join('/'), ...opened]).toEqual(['file/a/b/c', 'a', 'b', 'c'])
        path.length = 0
      })
      test('two', () => {
        expect(path.join('/')).toBe('file/a/b/c')
      })
      test('three fails', () => {
        path.push('!')
        expect(path.join('/')).toBe('file/a/b/c')
      })
    })
    test('after c', () => {
      expect([path.join('/'), ...opened]).toEqual(['file/a/b', 'a', 'b'])
      path.push('x')
    })
    describe('d', () => {
      test('without anything', () => {
        expect(path.join('/')).toBe('file/a/b')
      })
    })
  })
  describe('e', () => {
    open('e')
    test('with beforeAll only', () => {
      expect([path.join('/'), ...opened]).toEqual(['file/a', 'a', 'e'])
    })
  })
  test('after e', () => {
    expect([path.join('/'), ...opened]).toEqual(['file/a', 'a'])
  })
})

describe('only suites', () => {
  open('only suites')
  describe('one', () => {
    describe('inside', () => {
      setup(() => {
        path.push('inside')
      })
      test('is deep', () => {
        expect([path.join('/'), ...opened]).toEqual(['file/inside', 'only suites'])
      })
    })
  })
  describe('two', () => {
    test('is not', () => {
      expect(path.join('/')).toBe('file')
    })
  })
})

describe.each(['x', 'y'])('each %s', name => {
  setup(() => {
    path.push(name)
  })
  describe.each([1, 2])('and %i', number => {
    setup(() => {
      path.push(`${number}`)
    })
    test('has its path', () => {
      expect(path.join('/')).toBe(`file/${name}/${number}`)
      path.reverse()
    })
    test('has its path again', () => {
      expect(path.join('/')).toBe(`file/${name}/${number}`)
    })
  })
})

test('at the end', () => {
  expect([path.join('/'), ...opened]).toEqual(['file'])
})
