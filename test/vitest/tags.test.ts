import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { runSuite } from '../support/run-suite.ts'
import {
  describeTagged,
  MISPLACED_TAG,
  TAG_WITHOUT_REASON,
  TAGGED_CALLS,
  taggedFiles,
} from '../support/tagged-suite.ts'
import { outcomesOf } from './outcomes.ts'

describe.each([
  ['vitest-4', 'fork'],
  ['vitest-5', 'heap'],
] as const)('%s, %s engine', (target, engine) => {
  test('the tag says what a function is; one without a reason is an error, one before no function is reported', async () => {
    const ended = await runSuite({
      target,
      files: taggedFiles('vitest'),
      plugin: { warmup: 0, engine, guard: 'strict', report: 'report.json' },
    })
    const { findings } = JSON.parse(ended.files['report.json'] ?? '{}') as { findings: Finding[] }
    expect(describeTagged(findings)).toEqual(TAGGED_CALLS)
    expect(findings.filter(({ kind }) => kind !== 'host-call')).toEqual([
      {
        kind: 'rule-unused',
        call: '@rollback',
        detail: MISPLACED_TAG,
        site: 'src/mail.ts:40',
        file: '<dir>/tags.test.ts',
        count: 1,
      },
    ])
    const outcomes = outcomesOf(ended)
    expect(Object.keys(outcomes).filter(name => outcomes[name] !== 'passed')).toEqual([
      'tags.test.ts > unsafe',
    ])
    const errors = ended.captured.tasks['bad.test.ts']?.errors.map(({ message }) => message).join('\n')
    expect(errors).toContain(TAG_WITHOUT_REASON)
    expect(Object.keys(ended.files)).toContain('kept.txt')
  })
})
