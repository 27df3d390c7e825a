import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { startGuard } from '../../src/host/guard/start-guard.ts'
import { watchCalls } from '../../src/host/guard/watched-calls.ts'
import { trackTimers } from '../../src/timers.ts'

const root = mkdtempSync(join(tmpdir(), 'forkpoint-timers-'))
afterAll(() => rmSync(root, { recursive: true }))

trackTimers()
watchCalls()
const guard = startGuard({
  root,
  scope: 'fixture',
  rules: [],
  isStrict: false,
  trace: false,
  isOutside: () => false,
  isOfRunner: file => file.endsWith('report-later.mjs'),
})

// No turn of the event loop passes between the start of the timers and the end of the test.
test('a timer that the runner starts late in a test goes on where the test has run, and those of the test do not', async () => {
  const path = join(root, 'report-later.mjs')
  writeFileSync(path, 'export const reportLater = report => setTimeout(() => report(), 100)')
  const { reportLater } = (await import(pathToFileURL(path).href)) as {
    reportLater(report: () => void): void
  }
  const fired: string[] = []
  guard.beginTest({
    file: 'a.test.ts',
    place: { suite: '', test: 'many timers' },
    journal: null,
    isRolledBack: true,
  })
  for (let i = 0; i < 20; i++) clearTimeout(setTimeout(() => {}, 1000))
  setTimeout(() => fired.push('of the test'), 50)
  setTimeout(() => fired.push('of the test, and long'), 110)
  const told = new Promise<void>(resolve => {
    reportLater(() => {
      fired.push('of the runner')
      resolve()
    })
  })
  await guard.endTest()
  guard.closeHandles()
  await told
  expect(fired).toEqual(['of the runner'])
  expect(guard.takeFindings().map(({ detail }) => detail)).toEqual([
    'A timer of 110 ms was started in the test, and still waited when it ended: it was cleared. ' +
      'Clear it in the test, or await what it is for.',
  ])
})
