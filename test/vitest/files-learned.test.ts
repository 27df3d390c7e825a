import { expect, test } from 'vitest'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { existsSync, writeFileSync } from 'node:fs'
  import { setTimeout as delay } from 'node:timers/promises'
  import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
`

/** A package that takes its time to be imported, and does something besides. */
const packageNamed = (name: string, besides: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: `{ "name": "${name}", "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
  [`node_modules/${name}/index.js`]: `
    for (const end = performance.now() + 20; performance.now() < end;);
    let count = 0
    export const next = () => ++count
    ${besides}
  `,
})

const learning = {
  ...packageNamed('clean', ''),
  ...packageNamed('dirty', 'globalThis.dirty = true; Array.prototype.dirty = true'),
  ...packageNamed('marks', "globalThis.marks ??= { by: 'itself' }; export const marks = globalThis.marks"),
  ...packageNamed('loud', "console.log('loud')"),
  ...packageNamed('rare', ''),
  ...packageNamed(
    'threads',
    "import { Worker } from 'node:worker_threads'; new Worker('setInterval(() => {}, 1000)', { eval: true }).unref()",
  ),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map(number => [
      `${number}.test.ts`,
      `${head}
      import { next } from 'clean'
      ${number > 1 ? "import { marks } from 'marks'" : 'const marks = undefined'}
      ${number > 2 ? "import 'dirty'; import 'loud'; import 'threads'" : ''}
      ${number === 2 ? "import 'rare'" : ''}
      test('has what it imports, and nothing else', () => {
        expect([next(), 'dirty' in globalThis, 'dirty' in Array.prototype]).toEqual([1, ${number > 2}, ${number > 2}])
        expect(['marks' in globalThis, globalThis.marks]).toEqual([${number > 1}, marks])
      })`,
    ]),
  ),
  'mocks.test.ts': `${head}
    import { next } from 'clean'
    vi.mock('clean', () => ({ next: () => 'mocked' }))
    test('has the mock', () => { expect(next()).toBe('mocked') })
  `,
}

test('what most files import is imported once in the next run, if it does nothing else', async () => {
  const plugin = { files: 'fork', report: 'report.json' }
  const run = await sharedRun({ target: 'vitest-4', files: learning, plugin, times: 2 })()
  expect(Object.values(outcomesOf(run))).toEqual(Array(7).fill('passed'))
  const { starts } = JSON.parse(run.files['report.json'] ?? '{}')
  expect(starts).toEqual({
    forked: 6,
    left: [
      {
        file: expect.stringContaining('mocks.test.ts'),
        why: "it mocks 'clean', which is imported before the fork",
        remedy: 'nothing is wrong with that',
      },
    ],
    zygotes: [
      expect.objectContaining({
        files: 6,
        preloaded: ['clean', 'marks'].map(name => ({
          url: expect.stringContaining(`/${name}/index.js`),
          ms: expect.any(Number),
        })),
      }),
    ],
  })
  expect(run.leftover).toEqual([])
})

test('what most files import by themselves is imported once in a first run too, if it does nothing else', async () => {
  const said = `${head}
    import type { Dirty } from 'rare'
    import { next } from 'clean'
    import 'dirty'
    test('has its own', () => { expect(next()).toBe(1) })
  `
  const files = {
    ...packageNamed('clean', ''),
    ...packageNamed('dirty', 'Array.prototype.dirty = true'),
    ...packageNamed('rare', ''),
    ...Object.fromEntries(['one', 'two', 'three', 'four'].map(name => [`${name}.test.ts`, said])),
  }
  const plugin = { files: 'fork', report: 'report.json' }
  const run = await sharedRun({ target: 'vitest-5', files, plugin })()
  expect(Object.values(outcomesOf(run))).toEqual(Array(4).fill('passed'))
  const { starts } = JSON.parse(run.files['report.json'] ?? '{}')
  expect(starts.zygotes).toMatchObject([
    { files: 4, preloaded: [{ url: expect.stringContaining('/clean/index.js') }] },
  ])
})
