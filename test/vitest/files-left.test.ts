import { expect, test } from 'vitest'
import type { PluginOptions } from '../support/suite-config.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = "import { expect, test } from 'vitest'"

test.each<[string, PluginOptions, PluginOptions, string]>([
  [
    'threads',
    {},
    { pool: 'threads' },
    "the tests run in the pool 'threads'; remove the pool option, or set it to 'forks'",
  ],
  [
    'the heap engine',
    { engine: 'heap' },
    {},
    "the heap engine would not know the variables of modules that are imported before the fork; leave the engine to 'auto', or take 'fork'",
  ],
])('files are left to the runner with the reason: %s', async (_, plugin, config, why) => {
  const one = { 'one.test.ts': `${head}; test('runs', () => {})` }
  const run = await sharedRun({
    target: 'vitest-4',
    files: one,
    plugin: { files: 'fork', ...plugin },
    config,
  })()
  expect([run.exitCode, outcomesOf(run)]).toEqual([0, { 'one.test.ts > runs': 'passed' }])
  expect(run.stdout).toContain(`Files  all left to the runner: ${why}`)
})

test('a package that can not be copied leaves the files to the runner, and they pass there', async () => {
  const threads = {
    'node_modules/threads/package.json':
      '{ "name": "threads", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
    'node_modules/threads/index.js': `
      import { Worker } from 'node:worker_threads'
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
      worker.unref()
      export const id = worker.threadId
    `,
    'one.test.ts': `${head}; import { id } from 'threads'; test('runs', () => { expect(id).toBeGreaterThan(0) })`,
  }
  const plugin = { files: 'fork', preload: ['threads'] }
  const run = await sharedRun({ target: 'vitest-5', files: threads, plugin })()
  expect([run.exitCode, outcomesOf(run)]).toEqual([0, { 'one.test.ts > runs': 'passed' }])
  expect(run.stdout).toContain(
    'one.test.ts left to the runner: 1 worker thread is alive, and would be dead in every test',
  )
})

test('a module that can not be preloaded is an error that names it', async () => {
  const one = { 'one.test.ts': `${head}; test('runs', () => {})`, 'src/own.ts': 'export {}' }
  const plugin = { files: 'fork', preload: ['not-there'] }
  const run = await sharedRun({ target: 'vitest-4', files: one, plugin })()
  expect([run.exitCode, JSON.stringify(run.captured.unhandledErrors)]).toEqual([
    1,
    expect.stringContaining(
      "Option `preload` names 'not-there': it can't be found from <dir>. Correct it, or leave it out.",
    ),
  ])
})
