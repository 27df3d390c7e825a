// By the benchmark: which of its figures are drawn, and how. A bar has the colour of its kind.
const WAYS = {
  rebuild: ['set up anew', 'plain'],
  transaction: ['transaction (rows only)', 'other'],
  fork: ['fork engine', 'fork'],
  'fork, cold': ['fork engine, little else in the process', 'fork'],
  heap: ['heap engine', 'heap'],
}

const ms = value =>
  value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} ms`
const times = value => `${value.toFixed(2)} ×`

export const CHARTS = {
  fixtures: rows => ({
    title: 'One reset of the fixture, and one test',
    scale: 'log',
    write: ms,
    groups: groupBy(
      rows.filter(({ way }) => way !== 'warm'),
      ({ fixture }) => fixture,
    ).map(([title, group]) => ({
      title,
      bars: group.map(({ way, totalMs }) => {
        const [label, kind] = WAYS[way] ?? [way, 'other']
        return { label, kind, value: totalMs }
      }),
    })),
  }),

  'never-slower': rows => ({
    title: 'A whole run with forkpoint, against one without (1 ×), by what a setup takes',
    scale: 'log',
    write: times,
    mark: 1,
    groups: [
      {
        title: '',
        bars: rows.map(({ setupMs, tests, ratio, decision }) => ({
          label: `${setupMs} ms, ${tests} tests: ${decision === 'Left plain' ? 'left plain' : 'rolled back'}`,
          kind: decision === 'Left plain' ? 'plain' : 'fork',
          value: ratio,
        })),
      },
    ],
  }),

  'suite-js': rows => ({
    title: '200 tests of an SQL engine in JavaScript: the whole run',
    scale: 'linear',
    write: ms,
    groups: groupBy(rows, ({ setup }) => `setup ${setup}`).map(([title, group]) => ({
      title,
      bars: [
        { label: 'without forkpoint', kind: 'plain', value: group[0].plainMs },
        ...group.map(({ engine, forkpointMs }) => ({
          label: `${engine} engine`,
          kind: engine,
          value: forkpointMs,
        })),
      ],
    })),
  }),

  'heap-restore': rows => ({
    title: `A rollback of ${Math.max(...rows.map(({ objects }) => objects)).toLocaleString('en')} objects by the heap engine`,
    scale: 'log',
    write: ms,
    groups: [
      {
        title: '',
        bars: rows
          .filter(({ objects }) => objects === Math.max(...rows.map(each => each.objects)))
          .filter(({ what }) =>
            /^(setup|checkpoint|restore, (nothing|ten|one percent)|structuredClone|lodash)/.test(what),
          )
          .map(({ what, ms: value }) => ({
            label: what,
            kind: /^restore/.test(what) ? 'heap' : 'other',
            value,
          })),
      },
    ],
  }),

  jest: rows => ({
    title: 'Jest: with forkpoint, against without (1 ×)',
    scale: 'log',
    write: times,
    mark: 1,
    groups: [
      {
        title: '',
        bars: rows
          .filter(({ measured }) => !measured.startsWith('restore'))
          .map(({ measured: label, plainMs, forkpointMs }) => ({
            label,
            kind: 'fork',
            value: forkpointMs / plainMs,
          })),
      },
    ],
  }),

  'idle-suite': rows => ({
    title: 'A suite that has nothing to roll back, against a run without forkpoint (1 ×)',
    scale: 'linear',
    write: times,
    mark: 1,
    groups: groupBy(rows, ({ vitest, node }) => `Vitest ${vitest}, Node ${node.slice(1)}`).map(
      ([title, group]) => ({
        title,
        bars: group.map(({ options, ratio }) => ({
          label: options === 'hoist' ? 'hoist: true' : options,
          kind: 'fork',
          value: ratio,
        })),
      }),
    ),
  }),
}

function groupBy(rows, keyOf) {
  const groups = new Map()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups]
}
