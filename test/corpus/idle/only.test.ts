import { describe, expect, test } from 'vitest'

describe('with only', () => {
  // biome-ignore lint/suspicious/noFocusedTests: what a focused test does to the others is the theme of this file
  test.only('the focused one', () => {
    expect(1).toBe(1)
  })
  test('not this one', () => {
    throw new Error('must not run')
  })
})
test('nor this one', () => {
  throw new Error('must not run')
})
