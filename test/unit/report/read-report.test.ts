import { expect, test } from 'vitest'
import { toRunRecord } from '../../../src/report/read-report.ts'
import { toReportFile } from '../../../src/report/report-file.ts'
import { formatSummary } from '../../../src/report/summary.ts'
import { fileWith, plainSuite, rolledBackSuite, runOf } from './records.ts'

test.each([false, true])('a report file says all that the run has said at its end (trace: %s)', trace => {
  const refused = [
    { engine: 'fork' as const, check: 'pool', why: 'the pool is threads', remedy: 'take forks' },
  ]
  const run = runOf(
    fileWith({
      checkpoints: [rolledBackSuite({ objects: 1200 }), plainSuite()],
      hoisted: 2,
      notHoisted: [{ site: 'cart.test.ts:3:1', why: 'it takes the test context' }],
      undone: 3,
    }),
    fileWith({ file: 'b.test.ts', checkpoints: [rolledBackSuite({ file: 'b.test.ts' })] }),
    fileWith({
      file: 'c.test.ts',
      engine: { chosen: 'heap', why: 'its preconditions hold here', refused },
      findings: [
        { kind: 'fallback', detail: 'Setup was re-run.', suite: 'price', count: 2 },
        {
          kind: 'host-call',
          nature: 'unsafe',
          effect: 'fs.write',
          call: 'fs.writeFileSync',
          detail: 'It stays.',
          count: 1,
        },
      ],
    }),
  )
  run.findings = [{ kind: 'rule-unused', detail: 'The rule fitted nothing.', count: 1 }]
  const read = toRunRecord(JSON.parse(JSON.stringify(toReportFile(run))))
  const options = { colors: false, trace }
  expect(formatSummary(read, options)).toBe(formatSummary(run, options))
})
