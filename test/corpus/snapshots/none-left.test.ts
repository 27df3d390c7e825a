import { expect, test } from 'vitest'

test('no longer has any', () => {
  expect(1).toBe(1)
})
