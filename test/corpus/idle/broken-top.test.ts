import { describe, test } from 'vitest'

describe('suite', () => {
  test('is collected', () => {})
})
throw new Error('at the top of the file')
