import { expect, test } from 'vitest'
import { formatMb, formatMs, median, percentile } from '../../../src/report/statistics.ts'

test.each([
  [[], 0],
  [[4], 4],
  [[9, 1, 5], 5],
  [[10, 1, 2, 3], 2.5],
])('the median of %o is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test.each([
  [[], 95, 0],
  [[7], 95, 7],
  [[3, 1, 2], 100, 3],
  [[3, 1, 2], 0, 1],
  [Array.from({ length: 100 }, (_, index) => index + 1), 95, 95],
  [Array.from({ length: 20 }, (_, index) => index + 1), 95, 19],
])('of %o, %d percent lie at or below %d', (values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected)
})

test('the list given is left as it was', () => {
  const values = [3, 1, 2]
  median(values)
  percentile(values, 95)
  expect(values).toEqual([3, 1, 2])
})

test.each([
  [0, '0 ms'],
  [0.01, '<0.1 ms'],
  [0.8, '0.8 ms'],
  [3.04, '3.0 ms'],
  [9.96, '10 ms'],
  [12.4, '12 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1240, '1.24 s'],
  [9996, '10.0 s'],
  [41_230, '41.2 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [-1240, '-1.24 s'],
])('%d ms are shown as %s', (ms, words) => {
  expect(formatMs(ms)).toBe(words)
})

test.each([
  [0.4, '0 MB'],
  [88.25, '88 MB'],
  [1023, '1023 MB'],
  [1023.6, '1.0 GB'],
  [2304, '2.3 GB'],
])('%d MB are shown as %s', (mb, words) => {
  expect(formatMb(mb)).toBe(words)
})
