import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../engine-scripts/full.mjs', import.meta.url))

test('a state whose record does not fit into memory is refused, and nothing of the attempt is kept', () => {
  const flags = ['--max-old-space-size=150', '--import', 'forkpoint/register']
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, 'full'], {
    encoding: 'utf8',
    env: { ...process.env, FORKPOINT: 'heap' },
  })
  expect(stderr).toBe('')
  const { refused, rows } = JSON.parse(stdout) as { refused: { code: string; message: string }; rows: number }
  expect(refused.code).toBe('ERR_FORKPOINT_STATE')
  expect(refused.message.replace(/\d+ of \d+ MB/, '<used> of <limit> MB')).toBe(
    '[forkpoint] Failed to take a checkpoint: the record of it does not fit into memory (<used> of <limit> MB are in use). ' +
      'Remedy: give Node more of it (`--max-old-space-size`), leave large data out with exclude(), or leave this suite to the fork engine. (ERR_FORKPOINT_STATE)',
  )
  expect(rows).toBe(0)
})
