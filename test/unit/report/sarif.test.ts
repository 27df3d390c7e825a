import { expect, test } from 'vitest'
import type { Finding } from '../../../src/finding.ts'
import { toSarif } from '../../../src/report/sarif.ts'

test('findings are results whose rule is their effect, at the line that made the call', () => {
  const call: Finding = {
    kind: 'host-call',
    nature: 'unsafe',
    effect: 'process.spawn',
    call: 'child_process.execSync',
    detail: "child_process.execSync (true) can't be rolled back.",
    suite: '',
    test: 'runs a command',
    file: '/project/a.test.ts',
    site: '/project/src/run.ts:12:3',
    count: 2,
  }
  const unused: Finding = { kind: 'rule-unused', detail: 'The rule fitted no call.', count: 1 }
  expect(toSarif({ findings: [call, unused] })).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'forkpoint', rules: [{ id: 'process.spawn' }, { id: 'rule-unused' }] } },
        results: [
          {
            ruleId: 'process.spawn',
            level: 'warning',
            message: {
              text: `child_process.execSync (true) can't be rolled back. (in the test "runs a command")`,
            },
            occurrenceCount: 2,
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'file:///project/src/run.ts' },
                  region: { startLine: 12, startColumn: 3 },
                },
              },
            ],
          },
          { ruleId: 'rule-unused', level: 'note', message: { text: 'The rule fitted no call.' } },
        ],
      },
    ],
  })
})
