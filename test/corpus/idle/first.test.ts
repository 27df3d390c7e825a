import { describe, expect, test } from 'vitest'

describe('first', () => {
  test('passes', () => {
    console.log('hello')
    expect(1).toBe(1)
  })
  test('fails with a diff', () => {
    expect({ a: 1, b: [1, 2] }).toEqual({ a: 2, b: [1, 3] })
  })
  test('named snapshot, takes at least 20 ms', async () => {
    await new Promise(resolve => setTimeout(resolve, 21))
    expect({ a: 1 }).toMatchSnapshot()
    expect({ a: 1 }).toMatchInlineSnapshot()
    process.stdout.write('raw: here\n')
  })
})
