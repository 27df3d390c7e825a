import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('fuzz.mjs', import.meta.url))

function fuzz(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
}

// The long form is 50,000 programs: npm run fuzz
test('2,000 random programs show the same with both engines, or are refused by name', {
  timeout: 300_000,
}, () => {
  const { status, stdout, stderr } = fuzz('--programs', '2000', '--seed', '1')
  expect({ status, stderr, stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/: 2000 programs from --seed 1 on: 0 groups differ, \d+ refused by name/),
  })
})
