// 200 tests of an SQL engine written in JavaScript, on databases that take about 3 and 100 ms to build: `beforeEach` against
// `setup` with each engine. Bodies are timed in the tests, because code that is cold makes them slower.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { installBench } from '../support/install.mjs'
import { makeProject } from '../support/project.mjs'
import { median, medianRatio, timeInTurn, timeRun } from '../support/time-runs.mjs'

/** Rows of each table: statements are parsed and compiled one by one, as those of a dump are. */
const SETUPS = [
  { name: '3 ms', rows: 5, target: { whole: 1.05 } },
  { name: '100 ms', rows: 370, target: { faster: 8 } },
]
const SUITES = 4
const TESTS = 50
const BODY_TARGET = 1.1
const ENGINES = ['heap', 'fork']

/** The first tests of a file warm the code up, in any run. */
const WARM_FROM = 100

const suite = (hook, rows) => `
import { appendFileSync } from 'node:fs'
import alasql from 'alasql'
import { ${hook === 'setup' ? '' : 'beforeEach, '}describe, expect, test } from 'vitest'
${hook === 'setup' ? "import { setup } from 'forkpoint'" : ''}

const build = () => {
  const db = new alasql.Database()
  db.exec('CREATE TABLE users (id INT PRIMARY KEY, name STRING, city STRING)')
  db.exec('CREATE TABLE orders (id INT PRIMARY KEY, buyer INT, price NUMBER)')
  for (let i = 0; i < ${rows}; i++) {
    db.exec(\`INSERT INTO users VALUES (\${i}, 'user \${i}', 'city \${i % 10}')\`)
    db.exec(\`INSERT INTO orders VALUES (\${i}, \${i % 100}, \${i * 1.5})\`)
  }
  return db
}
const timed = (name, body) => test(name, () => {
  const start = performance.now()
  body()
  appendFileSync('bodies', performance.now() - start + '\\n')
})
for (let s = 0; s < ${SUITES}; s++) {
  describe('database ' + s, () => {
    let db
    ${hook}(() => {
      db = build()
    })
    for (let i = 0; i < ${TESTS}; i++) {
      timed('test ' + i, () => {
        expect(db.exec('SELECT VALUE COUNT(*) FROM users')).toBe(${rows})
        db.exec('INSERT INTO users VALUES (?, ?, ?)', [100_000 + i, 'new', 'city ' + (i % 10)])
        db.exec('UPDATE users SET name = ? WHERE id = ?', ['renamed', i % ${rows}])
        const cities = db.exec('SELECT city, COUNT(*) AS people, SUM(orders.price) AS spent FROM users JOIN orders ON orders.buyer = users.id GROUP BY city ORDER BY spent DESC')
        expect(cities.length).toBeGreaterThan(0)
        db.exec('DELETE FROM orders WHERE price > ?', [i])
        expect(db.exec('SELECT * FROM users WHERE name LIKE ?', ['renamed'])).toHaveLength(1)
      })
    }
  })
}
`

const config = (file, plugin) =>
  `${plugin ? "import forkpoint from 'forkpoint/vitest'\n" : ''}export default { plugins: [${plugin}], test: { include: ['${file}'] } }\n`

function run1(project, configFile) {
  const bodies = join(project.folder, 'bodies')
  rmSync(bodies, { force: true })
  const run = timeRun(project, configFile)
  const times = readFileSync(bodies, 'utf8').trim().split('\n').map(Number)
  return { ...run, bodyMs: median(times.slice(WARM_FROM)), bodies: times.length }
}

export function run({ rounds }) {
  installBench()
  return SETUPS.flatMap(({ name, rows, target }) => {
    const project = makeProject(
      {
        'before-each.test.mjs': suite('beforeEach', rows),
        'setup.test.mjs': suite('setup', rows),
        'before-each.config.mjs': config('before-each.test.mjs', ''),
        ...Object.fromEntries(
          ENGINES.map(engine => [
            `${engine}.config.mjs`,
            config('setup.test.mjs', `forkpoint({ engine: '${engine}' })`),
          ]),
        ),
      },
      { packages: ['alasql'] },
    )
    try {
      const all = timeInTurn(
        Object.fromEntries(
          ['before-each', ...ENGINES].map(each => [each, () => run1(project, `${each}.config.mjs`)]),
        ),
        rounds,
      )
      const plain = all['before-each']
      const of = (runs, key) => runs.map(each => each[key])
      return ENGINES.map(engine => ({
        setup: name,
        engine,
        tests: SUITES * TESTS,
        plainMs: Math.round(median(of(plain, 'wholeMs'))),
        forkpointMs: Math.round(median(of(all[engine], 'wholeMs'))),
        timesFaster: Number(medianRatio(of(plain, 'wholeMs'), of(all[engine], 'wholeMs')).toFixed(2)),
        filesTimesFaster: Number(medianRatio(of(plain, 'filesMs'), of(all[engine], 'filesMs')).toFixed(2)),
        bodyMs: Number(median(of(all[engine], 'bodyMs')).toFixed(2)),
        bodyToPlain: Number(medianRatio(of(all[engine], 'bodyMs'), of(plain, 'bodyMs')).toFixed(2)),
        target:
          engine === 'heap'
            ? `${target.faster ? `${target.faster}x faster` : `at most ${target.whole}x plain`}, body ${BODY_TARGET}x`
            : null,
        summary: all[engine]
          .at(-1)
          .summary.split('\n')
          .filter(line => /forkpoint|checkpoint|setup/.test(line))
          .slice(0, 6),
      }))
    } finally {
      project.remove()
    }
  })
}
