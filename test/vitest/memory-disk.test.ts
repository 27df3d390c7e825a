import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

describe.each(targetNames)('%s', target => {
  const given = { target, files: 'memory-disk', args: ['--update'] }
  const fork = sharedRun({
    ...given,
    args: ['--update', '--coverage'],
    plugin: { engine: 'fork', warmup: 0, fs: 'memory' },
  })
  const mixed = sharedRun({ ...given, plugin: { engine: 'fork', warmup: 2, fs: 'memory' } })
  const heap = sharedRun({ ...given, plugin: { engine: 'heap', warmup: 0, fs: 'memory' } })
  const off = sharedRun({ ...given, plugin: { engine: 'off', fs: 'memory' } })
  const runs = [
    ['rolled back by the fork engine', fork],
    ['the plain way first', mixed],
    ['with the heap engine', heap],
    ['without an engine', off],
  ] as const

  test.concurrent.each(runs)(
    '%s, each test sees the files of the setup, and of no other test',
    async (_, run) => {
      const ended = await run()
      const failed = Object.entries(outcomesOf(ended)).filter(([, outcome]) => outcome !== 'passed')
      expect({ failed, exitCode: ended.exitCode }, ended.stderr).toEqual({ failed: [], exitCode: 0 })
    },
  )

  test.concurrent.each(runs)('%s, snapshots are on the real disk, and nothing else is', async (_, run) => {
    const { files } = await run()
    expect(Object.keys(files).sort()).toEqual([
      '__snapshots__/files.test.ts.snap',
      'files.test.ts',
      'kept/data.txt',
      'library.cjs',
      'snapshots/first.txt',
      'snapshots/second.txt',
      'src/source.ts',
    ])
    expect(files['kept/data.txt']).toBe('from the disk')
    expect(files['snapshots/second.txt']).toBe('content of the second round')
    expect(files['files.test.ts']).toContain('toMatchInlineSnapshot(`"inline value"`)')
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('memory-disk-'))).toEqual([])
  })

  test.concurrent('the coverage of the run is on the real disk', async () => {
    expect((await fork()).coverage?.table).toContain('source.ts')
  })

  test.concurrent('both engines do roll back, as often as there are tests', async () => {
    const restores = [fork, mixed, heap, off].map(
      async run => /Restores +(\d+)/.exec((await run()).stdout)?.[1],
    )
    expect(await Promise.all(restores)).toEqual(['15', '13', '15', undefined])
  })
})
