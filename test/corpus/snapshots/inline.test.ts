import { beforeEach, describe, expect, test } from 'vitest'

let list: string[] = []
beforeEach(() => {
  list = ['built']
})
const check = (value: unknown): void => {
  expect(value).toMatchInlineSnapshot()
}

test('new', () => {
  list.push('new')
  expect(list).toMatchInlineSnapshot()
})
test('several', () => {
  expect(list).toMatchInlineSnapshot()
  list.push('`tick` $ \\')
  expect(list.join('\n')).toMatchInlineSnapshot()
  expect(1).toMatchInlineSnapshot()
})
test('right', () => {
  expect(list).toMatchInlineSnapshot(`
    [
      "built",
    ]
  `)
})
test('wrong', () => {
  expect(list).toMatchInlineSnapshot(`
    [
      "built otherwise",
    ]
  `)
})
test('as it was', () => {
  expect(list.length).toMatchInlineSnapshot()
})

describe('nested', () => {
  beforeEach(() => {
    list.push('nested')
  })
  test('in a helper', () => {
    check(list)
  })
  describe('deeper', () => {
    test('indented', () => {
      expect({ list, deep: { deeper: [1] } }).toMatchInlineSnapshot()
    })
    test.each(['a', 'a'])('the same in each', value => {
      expect(value).toMatchInlineSnapshot()
    })
    test.each(['a', 'b'])('another in each', value => {
      expect(value).toMatchInlineSnapshot()
    })
  })
  test('in a loop', () => {
    for (const value of ['same', 'same']) expect(value).toMatchInlineSnapshot()
  })
  test('an error', () => {
    expect(() => {
      throw new Error(list.join())
    }).toThrowErrorMatchingInlineSnapshot()
  })
  test('with matchers', () => {
    expect({ at: new Date(), list }).toMatchInlineSnapshot({ at: expect.any(Date) })
  })
  test('retried', { retry: 1 }, ({ task }) => {
    expect(list.length).toMatchInlineSnapshot()
    expect(task.result?.retryCount).toBe(1)
  })
  test('then failing', () => {
    expect(list.at(-1)).toMatchInlineSnapshot()
    throw new Error('after it')
  })
})
