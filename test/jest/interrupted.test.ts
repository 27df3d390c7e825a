import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { jestTargets, modulesOf } from '../support/jest-targets.ts'
import { livingOf, processesOf, waitUntilGone } from '../support/processes.ts'
import { killGroup } from '../support/run-bounded.ts'
import { environment } from '../support/run-suite.ts'
import { makeSuiteFolder, type SuiteFolder } from '../support/suite-folder.ts'

const target = jestTargets['Jest 30, Node 20']

/** A run of Jest that is watched while it runs. */
interface Running {
  readonly folder: SuiteFolder
  readonly child: ChildProcess
  readonly pid: number
}

function startJest(files: Readonly<Record<string, string>>, args: readonly string[]): Running {
  const config = JSON.stringify({
    preset: 'forkpoint',
    testEnvironmentOptions: { forkpoint: { engine: 'fork', warmup: 0, report: 'report.json' } },
  })
  const nodeModules = modulesOf(target)
  const folder = makeSuiteFolder({ ...files, 'jest.config.json': config }, nodeModules)
  const child = spawn(target.node, [join(nodeModules, 'jest', 'bin', 'jest.js'), ...args], {
    cwd: folder.suite,
    env: environment({}),
    detached: true,
    stdio: 'ignore',
  })
  if (child.pid === undefined) throw new Error('Jest did not start')
  return { folder, child, pid: child.pid }
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + HANG_LIMIT_MS
  while (!isTrue()) {
    if (performance.now() > end) throw new Error('it did not happen in time')
    await delay(20)
  }
}

/** What a file holds once it has been written as a whole. */
async function written<T>(path: string): Promise<T> {
  let held: T | undefined
  await until(() => {
    try {
      held = JSON.parse(readFileSync(path, 'utf8')) as T
    } catch {}
    return held !== undefined
  })
  return held as T
}

function end({ folder, pid }: Running): void {
  killGroup(pid)
  rmSync(folder.root, { recursive: true, force: true })
}

test.concurrent.each([
  ['SIGINT', 'a busy loop', 'for (;;);'],
  ['SIGTERM', 'a promise', 'return new Promise(() => {})'],
] as const)('%s in %s ends all processes', async (signal, _, body) => {
  const running = startJest(
    {
      'one.test.js': `
        const { writeFileSync } = require('node:fs')
        const { setup } = require('forkpoint')
        setup(() => {})
        test('hangs', () => { writeFileSync(__dirname + '/begun', ''); ${body} }, 600_000)
      `,
    },
    [],
  )
  try {
    await until(() => existsSync(join(running.folder.suite, 'begun')))
    // As the terminal does it.
    process.kill(-running.pid, signal)
    const left = await waitUntilGone(() => livingOf(processesOf(running.pid)), 5000)
    expect(left.map(({ command }) => command)).toEqual([])
  } finally {
    end(running)
  }
})

test.concurrent('in watch mode each run rolls back', async () => {
  const suite = (expected: string): string => `
    const { setup } = require('forkpoint')
    let list
    setup(() => { list = [] })
    test.each([1, 2, 3])('test %i', () => { list.push(1); expect(list).toEqual(${expected}) })
  `
  const running = startJest({ 'one.test.js': suite('[1]') }, [
    '--watchAll',
    '--json',
    '--outputFile=result.json',
  ])
  const { suite: folder } = running.folder
  const [report, result] = ['report.json', 'result.json'].map(name => join(folder, name))
  const take = async (): Promise<{ restores: number; failed: number }> => {
    const { checkpoints } = await written<{ checkpoints: Array<{ restores: number }> }>(String(report))
    const { numFailedTests: failed } = await written<{ numFailedTests: number }>(String(result))
    for (const path of [report, result]) rmSync(String(path))
    return { restores: checkpoints[0]?.restores ?? 0, failed }
  }
  try {
    const first = await take()
    writeFileSync(join(folder, 'one.test.js'), suite('[2]'))
    expect([first, await take()]).toEqual([
      { restores: 3, failed: 0 },
      { restores: 3, failed: 3 },
    ])
  } finally {
    end(running)
  }
})
