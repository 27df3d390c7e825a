import { describe, expect, test } from 'vitest'
import { formatSummary } from '../../../src/report/summary.ts'
import { fileWith, plainSuite, rolledBackSuite, runOf, summaryOf } from './records.ts'

describe('a run in which all is well', () => {
  test('says the engine, the cost and the gain in four lines', () => {
    expect(summaryOf(runOf(fileWith({ checkpoints: [rolledBackSuite()] })))).toBe(`
  Forkpoint  fork engine: its preconditions hold here
Checkpoints  1 taken in 12 ms, 88 MB resident
   Restores  99, median 3.0 ms, p95 3.0 ms
      Saved  9.47 s (9.80 s of setup not run, 331 ms spent on rolling back)
`)
  })

  test('adds up the files', () => {
    const run = runOf(
      fileWith({ checkpoints: [rolledBackSuite()] }),
      fileWith({ file: 'b.test.ts', checkpoints: [rolledBackSuite({ file: 'b.test.ts' })] }),
    )
    expect(summaryOf(run)).toBe(`
  Forkpoint  fork engine: its preconditions hold here
Checkpoints  2 taken in 24 ms, 88 MB resident, at most 88 MB
   Restores  198, median 3.0 ms, p95 3.0 ms
      Saved  18.9 s (19.6 s of setup not run, 662 ms spent on rolling back, summed over 2 files)
`)
  })

  test('says what the processes at the checkpoints took of memory', () => {
    const recorded = [52_310, 1_200].map(objects => rolledBackSuite({ objects, suite: `${objects}` }))
    expect(summaryOf(runOf(fileWith({ checkpoints: recorded })))).toContain(
      '\nCheckpoints  2 taken in 24 ms, 26,755 objects (at most 52,310), 88 MB resident, at most 88 MB\n',
    )
    const sizes = [80, 1300, 95.5].map(residentMb => rolledBackSuite({ residentMb, suite: `${residentMb}` }))
    expect(summaryOf(runOf(fileWith({ checkpoints: sizes })))).toContain(
      '\nCheckpoints  3 taken in 36 ms, 96 MB resident, at most 1.3 GB\n',
    )
  })

  test('counts what bodies lost in branches as spent, where warm ones were measured', () => {
    const suite = rolledBackSuite({ warmups: 2, setupRuns: 3, plainBodyMs: [40, 6], tests: 101 })
    expect(summaryOf(runOf(fileWith({ checkpoints: [suite] })))).toContain(
      '      Saved  9.07 s (9.80 s of setup not run, 727 ms spent on rolling back)\n',
    )
  })

  test('gives the gain as a bound where the setup ran once only, and was cold', () => {
    const suite = rolledBackSuite({
      setupRuns: 1,
      warmups: 0,
      plainBodyMs: [],
      restores: 2,
      restoreMs: [3, 3],
      bodyMs: [1, 1],
    })
    expect(summaryOf(runOf(fileWith({ checkpoints: [suite] })))).toMatch(/^ {6}Saved {2}up to \d/m)
  })

  test('is one line when nothing asked for forkpoint', () => {
    expect(summaryOf(runOf(fileWith(), fileWith({ file: 'b.test.ts' })))).toBe(`
  Forkpoint  nothing to do: no suite has a \`setup\` or a hoisted hook
`)
    expect(summaryOf(runOf())).toBe(`
  Forkpoint  nothing to do: no suite has a \`setup\` or a hoisted hook
`)
  })

  test('colours the engine and the gain, and dims labels and figures', () => {
    const run = runOf(fileWith({ checkpoints: [rolledBackSuite()] }))
    expect(formatSummary(run, { colors: true, trace: false }).replaceAll('\u001B', 'ESC')).toBe(
      `
ESC[2m  Forkpoint ESC[22m ESC[1mESC[32mfork engineESC[39mESC[22mESC[2m: its preconditions hold hereESC[22m
ESC[2mCheckpoints ESC[22m 1 taken in 12 ms, 88 MB resident
ESC[2m   Restores ESC[22m 99, median 3.0 ms, p95 3.0 ms
ESC[2m      Saved ESC[22m ESC[1mESC[32m9.47 sESC[39mESC[22mESC[2m (9.80 s of setup not run, 331 ms spent on rolling back)ESC[22m`.slice(
        1,
      ),
    )
  })
})

test('a run in which forkpoint did not pay says so', () => {
  const suite = rolledBackSuite({ setupMs: 1 })
  expect(summaryOf(runOf(fileWith({ checkpoints: [suite] })))).toContain(
    '      Saved  nothing, forkpoint did not pay (98 ms of setup not run, 331 ms spent on rolling back)\n',
  )
})

describe('engines', () => {
  const noAddon = {
    engine: 'fork',
    check: 'addon',
    why: 'the native addon is missing',
    remedy: 'run npm run build with a C compiler',
  } as const
  const off = {
    chosen: 'off',
    why: 'no engine can run here, so setup is re-run for every test',
    refused: [noAddon],
  } as const

  test('says why none can run, and what to do', () => {
    const run = runOf(
      fileWith({ engine: { ...off, refused: [...off.refused] }, checkpoints: [plainSuite({ why: '' })] }),
    )
    expect(summaryOf(run)).toBe(`
  Forkpoint  off: no engine can run here, so setup is re-run for every test
             fork engine can't run here: the native addon is missing; run npm run build with a C compiler
`)
  })

  test('is one line when forkpoint was turned off', () => {
    const engine = { chosen: 'off', why: 'forkpoint was turned off', refused: [] } as const
    const run = runOf(
      fileWith({ engine: { ...engine, refused: [] }, checkpoints: [plainSuite({ why: '' })] }),
    )
    expect(summaryOf(run)).toBe(`
  Forkpoint  off: forkpoint was turned off
`)
  })

  test('says how many files ran with which, when they differ', () => {
    const run = runOf(
      fileWith({ engine: { ...off, refused: [] }, checkpoints: [plainSuite()] }),
      fileWith({ checkpoints: [rolledBackSuite()] }),
      fileWith({ checkpoints: [rolledBackSuite()] }),
      fileWith({ file: 'without-setup.test.ts' }),
    )
    expect(summaryOf(run)).toContain(`
  Forkpoint  fork engine in 2 files: its preconditions hold here
             off in 1 file: no engine can run here, so setup is re-run for every test
Checkpoints  2 taken in 24 ms, 88 MB resident, at most 88 MB
`)
  })
})

describe('suites left plain', () => {
  test('are shown with the figures, those with the most setup time first', () => {
    const checkpoints = [
      rolledBackSuite(),
      plainSuite(),
      plainSuite({
        suite: 'tax',
        setupMs: 0.5,
        why: 'it did not pay: 12 ms per test rolled back, 11 ms with its setup re-run',
      }),
    ]
    expect(summaryOf(runOf(fileWith({ checkpoints })))).toBe(`
  Forkpoint  fork engine: its preconditions hold here
Checkpoints  1 taken in 12 ms, 88 MB resident
   Restores  99, median 3.0 ms, p95 3.0 ms
      Saved  9.47 s (9.80 s of setup not run, 331 ms spent on rolling back)
 Left plain  2 of 3 suites, 60 tests
             cart.test.ts > tax: it did not pay: 12 ms per test rolled back, 11 ms with its setup re-run
             cart.test.ts > price: setup is cheaper than a rollback (setup 0.2 ms, restore about 3.0 ms)
`)
  })

  test('say that no checkpoint was taken, when all are', () => {
    expect(summaryOf(runOf(fileWith({ checkpoints: [plainSuite({ suite: '' })] })))).toBe(`
  Forkpoint  fork engine: its preconditions hold here
Checkpoints  none taken
 Left plain  1 of 1 suite, 30 tests
             cart.test.ts: setup is cheaper than a rollback (setup 0.2 ms, restore about 3.0 ms)
`)
  })

  const seven = Array.from({ length: 7 }, (_, index) =>
    plainSuite({ suite: `suite ${index + 1}`, why: `setup takes 0.${index + 1} ms` }),
  )

  test('are five at most', () => {
    expect(summaryOf(runOf(fileWith({ checkpoints: seven })))).toContain(`
 Left plain  7 of 7 suites, 210 tests
             cart.test.ts > suite 1: setup takes 0.1 ms
             cart.test.ts > suite 2: setup takes 0.2 ms
             cart.test.ts > suite 3: setup takes 0.3 ms
             cart.test.ts > suite 4: setup takes 0.4 ms
             cart.test.ts > suite 5: setup takes 0.5 ms
             and 2 more
`)
  })

  test('are all shown with trace', () => {
    expect(summaryOf(runOf(fileWith({ checkpoints: seven })), { trace: true })).toContain(`
             cart.test.ts > suite 6: setup takes 0.6 ms
             cart.test.ts > suite 7: setup takes 0.7 ms
`)
  })

  test('of one file and for one reason share a line', () => {
    const checkpoints = [1, 2, 3].map(index =>
      plainSuite({ suite: `suite ${index}`, why: 'no further test could use a checkpoint' }),
    )
    expect(summaryOf(runOf(fileWith({ checkpoints })))).toContain(`
 Left plain  3 of 3 suites, 90 tests
             cart.test.ts (3 suites): no further test could use a checkpoint
`)
  })
})

describe('hoisted hooks', () => {
  const file = fileWith({
    hoisted: 12,
    notHoisted: [
      { site: '/project/cart.test.ts:3:1', why: 'it takes the test context' },
      { why: 'its file could not be parsed' },
    ],
  })

  test('are counted, with those left alone', () => {
    expect(summaryOf(runOf(file))).toBe(`
  Forkpoint  fork engine: its preconditions hold here
    Hoisted  12 hooks that can be run once per suite, 2 left alone
`)
    expect(summaryOf(runOf(fileWith({ hoisted: 1 })))).toContain(`
    Hoisted  1 hook that can be run once per suite
`)
  })

  test('are run once per suite where something was rolled back', () => {
    const checkpoints = [rolledBackSuite(), plainSuite()]
    expect(summaryOf(runOf(fileWith({ hoisted: 1, checkpoints })))).toContain(`
    Hoisted  1 hook run once per suite
`)
  })

  test('left alone are listed with trace', () => {
    expect(summaryOf(runOf(file), { trace: true, root: '/project' })).toContain(`
    Hoisted  12 hooks that can be run once per suite, 2 left alone
             cart.test.ts:3:1: it takes the test context
             cart.test.ts: its file could not be parsed
`)
  })
})
