import { describe, expect, test } from 'vitest'
import { Figures } from '../../src/session/figures.ts'
import { judgePayOff, type Verdict } from '../../src/session/pay-off.ts'

interface Measured {
  setups?: number[]
  plainBodies?: number[]
  branchBodies?: number[]
  restores?: number[]
}

function judge(
  measured: Measured,
  {
    warmup = 'auto',
    testsLeft = 100,
    branchMs = 5,
    takeMs = 0,
    isRolling = false,
    staysWarm = false,
  }: Partial<Parameters<typeof judgePayOff>[1]> = {},
): Verdict {
  const figures = new Figures()
  figures.setups.push(...(measured.setups ?? []))
  figures.plainBodies.push(...(measured.plainBodies ?? []))
  figures.branchBodies.push(...(measured.branchBodies ?? []))
  figures.restores.push(...(measured.restores ?? []))
  return judgePayOff(figures, { warmup, testsLeft, branchMs, takeMs, isRolling, staysWarm })
}

describe('a number as warmup is obeyed, whatever was measured', () => {
  test.each([
    [0, [], { choice: 'roll', why: 'warmup: 0' }],
    [2, [], { choice: 'warm', why: '0 of 2 warm-up tests have run' }],
    [2, [1], { choice: 'warm', why: '1 of 2 warm-up tests have run' }],
    [2, [1, 1], { choice: 'roll', why: 'warmup: 2' }],
    [2, [1, 1, 1, 1], { choice: 'roll', why: 'warmup: 2' }],
  ])('warmup %i after bodies of %j', (warmup, plainBodies, verdict) => {
    const losing = { setups: [0.1], restores: [90, 90, 90], branchBodies: [90, 90, 90] }
    expect(judge({ plainBodies, ...losing }, { warmup, testsLeft: 1 })).toEqual(verdict)
  })
})

test('where bodies stay warm there is nothing to warm up: an expensive setup is rolled back at once, a cheap one never', () => {
  const expensive = judge({ setups: [30] }, { staysWarm: true })
  expect(expensive).toEqual({ choice: 'roll', why: 'setup 30 ms, restore about 5.0 ms' })
  const cheap = judge({ setups: [3, 3], plainBodies: [1, 1] }, { staysWarm: true })
  expect(cheap.choice).toBe('plain')
})

test('a checkpoint is not taken where it costs more than its rollbacks save', () => {
  const measured = { setups: [9, 5], plainBodies: [1, 1, 1] }
  const choiceFor = (testsLeft: number): string =>
    judge(measured, { branchMs: 2, takeMs: 30, testsLeft, staysWarm: true }).choice
  expect([20, 31, 60].map(choiceFor)).toEqual(['plain', 'roll', 'roll'])
  const once = (setupMs: number): string =>
    judge({ setups: [setupMs] }, { branchMs: 2, takeMs: 30, staysWarm: true }).choice
  expect([20, 40].map(once)).toEqual(['warm', 'roll'])
})

describe('before enough branches have run', () => {
  test.each<[what: string, measured: Measured, circumstances: { testsLeft?: number }, verdict: Verdict]>([
    [
      'an expensive setup and few tests: at once, cold',
      { setups: [3000] },
      { testsLeft: 20 },
      { choice: 'roll', why: 'setup 3.00 s, restore about 5.0 ms' },
    ],
    [
      'an expensive setup and many tests: one more warm-up saves more than it costs',
      { setups: [3000] },
      { testsLeft: 100 },
      { choice: 'warm', why: 'still warming up (setup 3.00 s, restore about 5.0 ms)' },
    ],
    [
      'the same after that warm-up',
      { setups: [3000, 3000], plainBodies: [60] },
      { testsLeft: 99 },
      { choice: 'roll', why: 'setup 3.00 s, restore about 5.0 ms' },
    ],
    [
      'a moderate setup: warmed while each warm-up pays for itself',
      { setups: [40, 30], plainBodies: [60, 10] },
      {},
      { choice: 'warm', why: 'still warming up (setup 30 ms, restore about 5.0 ms)' },
    ],
    [
      'a moderate setup: rolled back once the code is warm',
      { setups: [40, 30, 30, 30, 30], plainBodies: [60, 10, 10, 10, 10] },
      { testsLeft: 30 },
      { choice: 'roll', why: 'setup 30 ms, restore about 5.0 ms' },
    ],
    [
      'a cheap setup after one test: not yet known',
      { setups: [1, 1], plainBodies: [2] },
      {},
      { choice: 'warm', why: 'measuring (setup 1.0 ms, restore about 5.0 ms)' },
    ],
    [
      'a cheap setup after two tests: never',
      { setups: [1, 1, 1], plainBodies: [2, 1] },
      {},
      { choice: 'plain', why: 'setup is cheaper than a rollback (setup 1.0 ms, restore about 5.0 ms)' },
    ],
    [
      'a setup that pays only for warm code: measured to the end of the warming',
      { setups: [12, 12, 12], plainBodies: [60, 10] },
      {},
      { choice: 'warm', why: 'measuring (setup 12 ms, restore about 5.0 ms)' },
    ],
    [
      'a gain of less than a millisecond: none',
      { setups: [5.9, 5.9, 5.9], plainBodies: [2, 2] },
      {},
      { choice: 'plain', why: 'setup is cheaper than a rollback (setup 5.9 ms, restore about 5.0 ms)' },
    ],
    [
      'the last test of a suite: nobody would use the checkpoint',
      { setups: [3000] },
      { testsLeft: 1 },
      { choice: 'warm', why: 'no further test could use a checkpoint (setup 3.00 s, restore about 5.0 ms)' },
    ],
    ['nothing measured yet', {}, {}, { choice: 'warm', why: 'measuring (setup 0 ms, restore about 5.0 ms)' }],
  ])('%s', (_, measured, circumstances, verdict) => {
    expect(judge(measured, circumstances)).toEqual(verdict)
  })

  test('a suite is decided after nine tests at the latest', () => {
    for (let setupMs = 0.1; setupMs < 5000; setupMs *= 1.3) {
      const plainBodies = [60, ...Array(8).fill(10)]
      expect(judge({ setups: Array(9).fill(setupMs), plainBodies }).choice).not.toBe('warm')
    }
  })
})

describe('once three branches have run, their own figures decide', () => {
  test.each<[what: string, measured: Measured, verdict: Verdict]>([
    [
      'cheaper than a plain test',
      { setups: [40, 40], plainBodies: [60, 10], restores: [5, 4, 6], branchBodies: [20, 14, 15] },
      { choice: 'roll', why: '20 ms per test rolled back, 50 ms with its setup re-run' },
    ],
    [
      'dearer than a plain test',
      { setups: [9, 9], plainBodies: [60, 10], restores: [5, 4, 6], branchBodies: [20, 14, 15] },
      { choice: 'plain', why: 'it did not pay: 20 ms per test rolled back, 19 ms with its setup re-run' },
    ],
    [
      'as dear as a plain test',
      { setups: [10, 10], plainBodies: [60, 10], restores: [5, 5, 5], branchBodies: [15, 15, 15] },
      { choice: 'plain', why: 'it did not pay: 20 ms per test rolled back, 20 ms with its setup re-run' },
    ],
    [
      'without a warm body the one in the branch has to stand for it',
      { setups: [40], plainBodies: [60], restores: [5, 5, 5], branchBodies: [30, 30, 30] },
      { choice: 'roll', why: '35 ms per test rolled back, 70 ms with its setup re-run' },
    ],
  ])('%s', (_, measured, verdict) => {
    expect(judge(measured)).toEqual(verdict)
  })

  test('two branches are not enough', () => {
    const measured = { setups: [3000], restores: [9000, 9000], branchBodies: [1, 1] }
    expect(judge(measured, { testsLeft: 20 })).toEqual({
      choice: 'roll',
      why: 'setup 3.00 s, restore about 5.0 ms',
    })
  })
})
