import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'

const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
let config: Readonly<Record<string, number>> = {}

setup(() => {
  config = { limit: 3 }
})

describe.concurrent('beside each other', () => {
  test.each(['a', 'b', 'c'])('%s, at least 20 ms', async name => {
    // Nothing is printed here: Vitest gives it to whichever concurrent test started last.
    await later(21)
    expect([name.length, config.limit]).toEqual([1, 3])
  })
  test('fails', async ({ expect }) => {
    await later(1)
    expect(config).toEqual({ limit: 4 })
  })
  test('with a snapshot', async ({ expect }) => {
    await later(1)
    expect(config).toMatchSnapshot()
  })
})
test('in sequence', () => {
  config = {}
})
test('in sequence again', () => {
  expect(config).toEqual({ limit: 3 })
})
test.concurrent('one', async () => {
  await later(2)
})
test.concurrent('two, skipping itself', async ({ skip }) => {
  await later(1)
  skip('beside another')
})
