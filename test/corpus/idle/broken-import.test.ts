import { test } from 'vitest'
import { nothing } from './src/not-there.ts'

test('is never collected', () => nothing)
