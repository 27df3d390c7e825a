import { createServer } from 'node:http'
import { isBuiltin } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { CATALOGUE } from '../../src/host/catalogue/classify.ts'
import { EFFECTS } from '../../src/host/catalogue/effects.ts'
import { type Row, rows } from '../corpus/effects/table.ts'
import {
  addon,
  describeFinding,
  effectFiles,
  effectOf,
  expected,
  expectedLeaks,
  lineOfSite,
} from '../support/effect-findings.ts'
import { runSuite } from '../support/run-suite.ts'
import type { TargetName } from '../support/targets.ts'
import { outcomesOf } from '../vitest/outcomes.ts'

const peer = createServer((_, response) => response.end('answer'))
let port = 0
beforeAll(async () => {
  await new Promise<void>(resolve => peer.listen(0, '127.0.0.1', resolve))
  port = (peer.address() as AddressInfo).port
})
afterAll(() => peer.close())

/** Those whose nature matters, of each effect. */
const rowsOf = (effect: string): Row[] => rows.filter(row => row.effect === effect)

test('there is a row for each effect of the catalogue, and each has a name of its own', () => {
  expect(Object.keys(EFFECTS).filter(effect => rowsOf(effect).length === 0)).toEqual([])
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
})

test('whatever of an effect can be seen is performed, and what is said to be unseen is so in the catalogue', () => {
  const matters = CATALOGUE.filter(({ nature }) => nature !== 'safe')
  const seen = new Set(matters.filter(({ unseen }) => unseen === undefined).map(({ effect }) => effect))
  const isPerformed = ({ sees }: Row): boolean => sees !== 'nothing' && sees !== 'unseen'
  expect([...seen].filter(effect => !rowsOf(effect).some(isPerformed))).toEqual([])
  const unseen = rows.filter(({ sees }) => sees === 'unseen').map(({ effect }) => effect)
  expect(unseen.filter(effect => seen.has(effect))).toEqual([])
  expect(unseen.filter(effect => !matters.some(row => row.effect === effect))).toEqual([])
})

describe.each([
  ['vitest-4', 'fork'],
  ['vitest-4', 'heap'],
  ['vitest-5', 'fork'],
  ['vitest-5', 'heap'],
] as const satisfies ReadonlyArray<[TargetName, string]>)('%s, %s engine', (target, engine) => {
  test('each effect is undone, or is a finding with test, call, resource and line', async () => {
    const ended = await runSuite({
      target,
      files: effectFiles,
      plugin: { engine, warmup: 0, report: 'report.json' },
      env: { PEER_PORT: String(port), ADDON: addon },
    })
    const outcomes = outcomesOf(ended)
    const performed = rows.filter(({ name }) => `effects.test.ts > ${name}` in outcomes)
    expect(
      rows.filter(row => !performed.includes(row)).flatMap(({ does, needs }) => (does ? [needs] : [])),
    ).toEqual(target === 'vitest-4' && !isBuiltin('node:sqlite') ? ['node:sqlite'] : [])
    const failed = Object.keys(outcomes).filter(name => outcomes[name] !== 'passed')
    expect(failed.map(name => outcomes[name])).toEqual([expect.stringContaining('process.exit')])
    expect(failed).toEqual(
      performed.filter(({ sees }) => sees === 'failed').map(({ name }) => `effects.test.ts > ${name}`),
    )
    const { findings } = JSON.parse(ended.files['report.json'] ?? '{}') as { findings: Finding[] }
    const calls = findings.filter(({ kind }) => kind === 'host-call')
    expect(calls.map(each => describeFinding(each, port)).sort()).toEqual(performed.flatMap(expected).sort())
    // Each is told of with the effect that the catalogue has for the call.
    const other = calls.filter(({ call = '', effect }) => effect !== 'declared' && effect !== effectOf(call))
    expect(other.map(({ call, effect }) => [call, effect])).toEqual([])
    expect(findings.filter(({ kind }) => kind !== 'host-call' && kind !== 'leak')).toEqual([])
    const leaks = findings.filter(({ kind }) => kind === 'leak')
    expect(
      leaks.map(({ test: name, effect, site = '' }) => `${name}: ${effect} at ${lineOfSite(site)}`).sort(),
    ).toEqual(performed.flatMap(expectedLeaks).sort())
    expect(ended.leftover).toEqual([])
  })
})
