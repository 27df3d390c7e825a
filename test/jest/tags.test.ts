import { expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'
import {
  describeTagged,
  MISPLACED_TAG,
  TAG_WITHOUT_REASON,
  TAGGED_CALLS,
  taggedFiles,
} from '../support/tagged-suite.ts'

test('the tag says what a function is, by either engine; one without a reason is an error, one before no function is reported', async () => {
  const engines = ['fork', 'heap'] as const
  const options = { warmup: 0, guard: 'strict' }
  const { variants, report, stderr } = await runJest({
    target: 'Jest 30, Node 20',
    files: taggedFiles('@jest/globals'),
    variants: { fork: { ...options, engine: 'fork' }, heap: { ...options, engine: 'heap' } },
    // One after the other: both write to the folder that Jest runs in.
    args: ['-i'],
    config: {
      testMatch: ['**/*.test.ts'],
      transform: {
        '\\.ts$': ['ts-jest', { isolatedModules: true, diagnostics: false, tsconfig: { target: 'es2022' } }],
      },
    },
  })
  const { findings } = report as { findings: Finding[] }
  engines.forEach((engine, index) => {
    const own = findings.filter(({ file }) => file?.includes(`suite-${index}/`))
    expect(describeTagged(own), stderr).toEqual(TAGGED_CALLS)
    expect(own.filter(({ kind }) => kind !== 'host-call').map(({ detail }) => detail)).toEqual([
      MISPLACED_TAG,
    ])
    const { 'tags.test.ts > unsafe': unsafe, ...others } = jestOutcomes(variants[engine])
    expect(unsafe).toContain("made a host call that can't be rolled back")
    expect(new Set(Object.values(others))).toEqual(new Set(['passed']))
    const { failure } = variants[engine].tested['bad.test.ts'] as unknown as { failure: { text: string } }
    expect(failure.text).toContain(TAG_WITHOUT_REASON)
  })
})
