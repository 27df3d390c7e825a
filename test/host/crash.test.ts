import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { describeRecovery, recoverJournals } from '../../src/host/journal/recover.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { repositoryRoot } from '../support/targets.ts'
import { describeTree } from './describe-tree.ts'

const script = join(repositoryRoot, 'test/host/scripts/change-tree.mjs')
const endInUndo = join(repositoryRoot, 'test/host/scripts/end-in-undo.cjs')
const POINTS = 50

function makeProject(): { root: string; tree: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-crash-')))
  const tree = join(root, 'tree')
  mkdirSync(join(tree, 'sub', 'deep'), { recursive: true })
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt', 'sub/deep/d.txt']) {
    writeFileSync(join(tree, name), `content of ${name}`)
    utimesSync(join(tree, name), 2000, 2000)
  }
  symlinkSync('sub/c.txt', join(tree, 'link'))
  mkdirSync(join(root, 'node_modules'))
  return { root, tree, remove: () => rmSync(root, { recursive: true, force: true }) }
}

test('a process that is killed in the middle of a test leaves a journal from which the next run puts everything back', {
  timeout: HANG_LIMIT_MS,
}, async () => {
  const { root, tree, remove } = makeProject()
  try {
    const before = describeTree(tree)
    let interrupted = 0
    for (let point = 0; point < POINTS; point++) {
      // The package is resolved from where the script stands; the project is the working folder.
      const child = spawn(process.execPath, [script, tree, String(1000 + point)], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      await setTimeout((point * 7) % 40)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const result = recoverJournals(root)
      if (result.undone > 0) interrupted++
      expect(result.failed, `point ${point}`).toEqual([])
      expect(describeTree(tree), `point ${point}`).toEqual(before)
    }
    // The others hit a moment between two tests.
    expect(interrupted).toBeGreaterThan(POINTS / 10)
  } finally {
    remove()
  }
})

test('a process that is killed in the middle of an undo leaves nothing of its own once that is done again', async () => {
  const { root, tree, remove } = makeProject()
  try {
    const before = describeTree(tree)
    const child = spawn(process.execPath, ['--require', endInUndo, script, tree, '1000'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await once(child, 'exit')
    expect(Object.keys(describeTree(tree)).filter(name => name.includes('.forkpoint-'))).toHaveLength(1)
    expect(recoverJournals(root).failed).toEqual([])
    expect(describeTree(tree)).toEqual(before)
  } finally {
    remove()
  }
})

test('what was undone is told', () => {
  expect(describeRecovery({ undone: 0, failed: [] })).toEqual([])
  expect(
    describeRecovery({
      undone: 2,
      failed: [{ path: '/project/a.txt', why: 'it was changed after that run', kept: '/project/kept/a.txt' }],
    }),
  ).toEqual([
    'An earlier run was ended in the middle of a test; 2 paths that it had changed were put back as before.',
    'Not put back: /project/a.txt (it was changed after that run); its content before the test is in /project/kept/a.txt.',
  ])
})
