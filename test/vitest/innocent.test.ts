import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

describe.each(targetNames)('%s', target => {
  test.concurrent.each(['fork', 'heap'])(
    'of programs that do no harm nothing is found, and strict lets them pass: %s engine',
    async engine => {
      const plugin = { engine, warmup: 0, guard: 'strict', report: 'report.json' }
      const run = await sharedRun({ target, files: 'innocent', plugin })()
      const outcomes = Object.values(outcomesOf(run))
      expect(outcomes.length).toBeGreaterThan(40)
      expect(outcomes.filter(outcome => outcome !== 'passed')).toEqual([])
      const { findings } = JSON.parse(run.files['report.json'] ?? '{}') as { findings: Finding[] }
      expect(findings).toEqual([])
      expect(Object.keys(run.files).sort()).toEqual([
        'data.txt',
        'innocent.test.ts',
        'log.txt',
        'report.json',
      ])
    },
  )
})
