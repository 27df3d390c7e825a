import { beforeEach, describe, expect, test } from 'vitest'

interface Page {
  title: string
  parts: { id: string; text: string }[]
}
let page: Page
const part = (text: string): Page['parts'][number] => ({ id: Math.random().toString(36), text })

beforeEach(() => {
  page = { title: 'page', parts: [{ id: 'p1', text: 'intro' }] }
})

test('several in one test', () => {
  expect(page).toMatchSnapshot()
  page.title = 'changed'
  expect(page).toMatchSnapshot()
  page.parts.length = 0
  expect(page).toMatchSnapshot('emptied')
  expect(page).toMatchSnapshot('emptied')
})
test('none', () => {
  page.title = 'left behind'
})
test('as it was', () => {
  expect(page).toMatchSnapshot()
})
test('with matchers for what varies', () => {
  page.parts.push(part('random'))
  expect(page.parts.at(-1)).toMatchSnapshot({ id: expect.any(String) })
})
test('with matchers that do not match', () => {
  expect(page.parts[0]).toMatchSnapshot({ id: expect.any(Number) })
})

describe('nested', () => {
  beforeEach(() => {
    page.parts.push({ id: 'p2', text: 'nested' })
  })
  test.each(['x', 'y', 'z'])('part %s', text => {
    page.parts.push({ id: text, text })
    expect(page.parts).toMatchSnapshot()
  })
  test.each(['first', 'second'])('of one name', text => {
    page.title = text
    expect(page.title).toMatchSnapshot()
  })
  describe('deeper', () => {
    test('one', () => {
      expect(page.parts).toMatchSnapshot()
    })
    test('fails between two', () => {
      expect('before').toMatchSnapshot()
      expect(page.title).toBe('another')
      expect('after').toMatchSnapshot()
    })
    test('of a long text', () => {
      expect(
        Array.from({ length: 40 }, (_, line) => `${line}: \`quoted\` \${dollar} \\ back`).join('\n'),
      ).toMatchSnapshot()
    })
  })
})

describe('tries', () => {
  test('retried', { retry: 2 }, ({ task }) => {
    page.title = `try ${task.result?.retryCount}`
    expect('the same in each try').toMatchSnapshot()
    expect(page.title).toMatchSnapshot()
    expect(task.result?.retryCount).toBe(1)
  })
  test('repeated', { repeats: 2 }, () => {
    page.parts.push({ id: 'again', text: 'again' })
    expect(page.parts).toMatchSnapshot()
  })
  test.fails('that fail', () => {
    expect(page).toMatchSnapshot()
    throw new Error('as wanted')
  })
  test('skipped after a snapshot', ({ skip }) => {
    expect(page).toMatchSnapshot()
    skip('half way')
  })
})

describe('errors', () => {
  test('thrown', () => {
    expect(() => {
      throw new TypeError(`no ${page.title}`)
    }).toThrowErrorMatchingSnapshot()
  })
  test('rejected', async () => {
    await expect(Promise.reject(new Error(page.title))).rejects.toThrowErrorMatchingSnapshot()
  })
  test('soft', () => {
    expect.soft(page.title).toMatchSnapshot()
    expect.soft(page.title).toBe('another')
    expect.soft(page.parts).toMatchSnapshot()
  })
})

describe.concurrent('beside each other', () => {
  test.each([1, 2, 3])('number %i', async number => {
    await new Promise(resolve => setTimeout(resolve, 4 - number))
  })
  test('with its own expect', async ({ expect }) => {
    await null
    expect('own').toMatchSnapshot()
  })
})
