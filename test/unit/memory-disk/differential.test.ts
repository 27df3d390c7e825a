import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { mountMemoryDisk } from '../../../src/host/memory-disk/mount.ts'
import { describeTree, plantTree, randomCall, randomOf, type Site } from './random-calls.ts'

/** For more than a run of all tests has the time for: other seeds, and more of them. */
const SEEDS = Number(process.env.FORKPOINT_SEEDS ?? 40)
const FIRST_SEED = Number(process.env.FORKPOINT_SEED ?? 1)
const CALLS = 60
/** From Node 22 on it is written in C++, and ends the process for some trees, for others its errors are those of the library. */
const HAS_SOUND_CP = process.versions.node.startsWith('20.')

const home = mkdtempSync(join(realpathSync(tmpdir()), 'forkpoint-disks-'))
const mount = mountMemoryDisk()
afterAll(() => {
  mount.undo()
  rmSync(home, { recursive: true })
})

function outcomeOf(run: () => unknown, root: string): string {
  const show = (value: unknown): string =>
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? 'undefined'
  try {
    return show(run()).replaceAll(root, 'ROOT')
  } catch (error) {
    const { message, code, errno, syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
    return show({ message, code, errno, syscall, path, dest }).replaceAll(root, 'ROOT')
  }
}

test(`${SEEDS} random sequences of calls do on a memory disk what they do on a real one`, () => {
  const log: string[] = []
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    const real: Site = { root: join(home, `real-${seed}`), open: [] }
    const memory: Site = { root: join(home, `copy-${seed}`), open: [] }
    plantTree(real.root)
    execFileSync('cp', ['-a', real.root, memory.root])
    const before = describeTree(memory.root)
    const random = randomOf(seed)
    log.length = 0
    for (let index = 0; index < CALLS; index++) {
      const call = randomCall(random)
      if (!HAS_SOUND_CP && call.text.startsWith('cp(')) continue
      log.push(call.text)
      const expected = outcomeOf(() => call.run(real), real.root)
      mount.activate()
      const got = outcomeOf(() => call.run(memory), memory.root)
      mount.deactivate()
      expect(got, `seed ${seed}, after\n${log.join('\n')}`).toBe(expected)
    }
    const expected = describeTree(real.root)
    mount.activate()
    const got = describeTree(memory.root)
    mount.deactivate()
    expect(got, `seed ${seed}, after\n${log.join('\n')}`).toEqual(expected)
    expect(describeTree(memory.root), `seed ${seed}: the real disk`).toEqual(before)
    mount.disk.clear()
  }
})
