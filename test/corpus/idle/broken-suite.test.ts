import { describe, test } from 'vitest'

describe('a suite that throws', () => {
  test('is collected', () => {})
  throw new Error('in the suite')
})
test('beside it', () => {})
