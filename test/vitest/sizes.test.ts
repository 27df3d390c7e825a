import { describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  setup(() => {})
  const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index))
`

const files = {
  'diff.test.ts': `${head}
    // 10 MB on each side, of which some lines differ: the diff shows them all.
    test('fails with a diff of 10 MB', () => {
      const line = (index: number) => 'line ' + index + ' ' + 'of some length '.repeat(6)
      const lines = list(100_000, line)
      const others = lines.map((text, index) => index % 20_000 === 7 ? text + 'changed' : text)
      expect(lines.join('\\n')).toBe(others.join('\\n'))
    })
    test('fails with 10 MB of text, and a structure of 50,000 parts', () => {
      const data = list(50_000, index => ({ index, text: 'part ' + index }))
      throw Object.assign(new Error('long '.repeat(2_000_000)), { data })
    })
    test('after them', () => {})
  `,
  'lines.test.ts': `${head}
    const print = (test: number, count: number) => {
      for (let index = 0; index < count; index++) console[index % 5 ? 'log' : 'error'](test + ': line ' + index)
    }
    test('prints 100,000 lines', () => print(0, 100_000))
    test.each([1, 2, 3, 4, 5])('prints 4,000 lines and waits in between: %i', async number => {
      for (let part = 0; part < 4; part++) {
        print(number, 1000)
        await new Promise(resolve => setTimeout(resolve, 3))
      }
    })
  `,
  'snapshots.test.ts': `${head}
    const match = (count: number) => {
      for (let index = 0; index < count; index++) expect({ index, list: [index, index + 1] }).toMatchSnapshot()
    }
    test('matches 3,000 snapshots', () => match(3000))
    describe('nested', () => {
      setup(() => {})
      test.each(list(25, index => index))('matches 50 snapshots: %i', () => match(50))
      test('writes one in place', () => expect({ written: 'here' }).toMatchInlineSnapshot())
    })
  `,
  '__snapshots__/snapshots.test.ts.snap':
    '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n' +
    Array.from({ length: 1000 }, (_, index) => `\nexports[\`gone ${index} 1\`] = \`${index}\`;\n`).join(''),
  'meta.test.ts': `${head}
    test('leaves 25 MB in its meta', ({ task }) => {
      Object.assign(task.meta, {
        list: list(200_000, index => ({ index, text: 'entry ' + index })),
        text: 'x'.repeat(20_000_000),
      })
    })
    test('annotates 1,000 times, and once with 5 MB', async ({ annotate }) => {
      for (let index = 0; index < 1000; index++) await annotate('note ' + index)
      await annotate('y'.repeat(5_000_000))
    })
    test('after them', () => {})
  `,
}

describe.each(targetNames)('%s', target => {
  const config = {
    testTimeout: 30_000,
    diff: { truncateThreshold: 0, expand: true },
    chaiConfig: { truncateThreshold: 0 },
  }
  const plain = sharedRun({ target, files, plugin: false, config })
  const forked = sharedRun({ target, files, plugin: { engine: 'fork', warmup: 0 }, config })

  const timeout = 300_000
  test.concurrent('errors, lines, snapshots, meta and annotations of any size arrive whole and in order', {
    timeout,
  }, async () => {
    const one = await plain()
    const other = await forked()
    // Hooks that run once are told once.
    const differences = compareRuns(one, other, { except: [/\.hooks($|\.)/] })
    expect(differences.map(difference => difference.slice(0, 300))).toEqual([])
    expect(Object.keys(outcomesOf(other)).length).toBe(39)
    const [diff, text] = ['a diff of 10 MB', '10 MB of text, and a structure of 50,000 parts'].map(
      name => other.captured.tasks[`diff.test.ts > fails with ${name}`]?.errors[0],
    )
    expect([String(diff?.diff).length > 10e6, text?.message.length]).toEqual([true, 10e6])
    const printed = other.captured.tasks['lines.test.ts > prints 100,000 lines']?.console
    expect([printed?.stdout, printed?.stderr].map(said => said?.split('\n').length)).toEqual([80_001, 20_001])
  })
})
