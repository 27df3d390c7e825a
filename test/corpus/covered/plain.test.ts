import { expect, test } from 'vitest'
import { evaluate } from './src/evaluate.ts'

test('without any hook', () => {
  expect(evaluate({ kind: 'number', value: 4 }, { names: new Map() })).toBe(4)
})
