/** The two runs side by side. Every figure comes from the runs that have just ended. */
export function formatTable(plain, rolledBack) {
  const rows = [
    ['', 'setup for every test', 'with forkpoint'],
    row('tests passed', run => `${countPassed(run)} of ${run.outcomes.size}`),
    row('whole run', run => formatTime(run.wallMs)),
    row('time per test', run => formatTime(timePerTest(run))),
    row('databases built', run => String(run.setups)),
    row('checkpoints', run => String(checkpointsOf(run).length)),
    row('restores', run => String(checkpointsOf(run).reduce((sum, { restores }) => sum + restores, 0))),
  ]
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(cells => cells[column].length)))
  const lines = rows.map(([label, ...cells]) =>
    [label.padEnd(widths[0]), ...cells.map((cell, index) => cell.padStart(widths[index + 1]))].join('   '),
  )
  lines.splice(1, 0, '-'.repeat(lines[0].length))
  return [
    ...lines,
    '',
    `Time per test, without forkpoint to with it: ${(timePerTest(plain) / timePerTest(rolledBack)).toFixed(1)} to 1.`,
    'It is the whole run, Vitest starting up included, divided by the number of tests.',
  ].join('\n')

  function row(label, read) {
    return [label, read(plain), read(rolledBack)]
  }
}

function timePerTest(run) {
  return run.wallMs / run.outcomes.size
}

function countPassed(run) {
  return [...run.outcomes.values()].filter(state => state === 'passed').length
}

/** The suites that were rolled back at least once; the report also lists those that were left plain. */
function checkpointsOf(run) {
  return (run.report?.checkpoints ?? []).filter(({ restores }) => restores > 0)
}

function formatTime(ms) {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
}
