import { describe, expect, test } from 'vitest'
import { Figures } from '../../src/session/figures.ts'

describe('the cost of one setup', () => {
  test.each([
    ['unknown', [], 0],
    ['the only run', [50], 50],
    ['later runs, as the first one also loads and compiles', [50, 10], 10],
    ['the median of later runs', [50, 10, 12, 90], 12],
  ])('%s', (_, setups, wanted) => {
    const figures = new Figures()
    figures.setups.push(...setups)
    expect(figures.setupMs).toBe(wanted)
  })
})

describe('the cost of a warm body', () => {
  test.each([
    ['unknown', [], 0],
    ['the only one, although cold', [60], 60],
    ['the median of all but the first', [60, 10, 14], 12],
  ])('%s', (_, bodies, wanted) => {
    const figures = new Figures()
    figures.plainBodies.push(...bodies)
    expect(figures.warmBodyMs).toBe(wanted)
  })
})

test('a branch decides by all figures, and reports only those that came in it', () => {
  const figures = new Figures()
  figures.note('setup', 50)
  figures.note('plain', 60)
  figures.note('plain', 10)
  figures.note('take', 3)
  figures.note('restore', 4)
  figures.note('test', 15)
  figures.startAfresh()
  expect(figures.fresh()).toEqual({
    setups: [],
    plainBodies: [],
    restores: [],
    branchBodies: [],
    timeline: [],
  })
  figures.note('setup', 20)
  for (const ms of [5, 6]) {
    figures.note('restore', ms, ms + 11)
    figures.note('test', ms + 11)
  }
  expect(figures.fresh()).toEqual({
    setups: [20],
    plainBodies: [],
    restores: [5, 6],
    branchBodies: [16, 17],
    timeline: [
      ['setup', expect.any(Number), 20],
      ['restore', expect.any(Number), 5],
      ['test', expect.any(Number), 16],
      ['restore', expect.any(Number), 6],
      ['test', expect.any(Number), 17],
    ],
  })
  expect([figures.setupMs, figures.warmBodyMs]).toEqual([20, 10])
})
