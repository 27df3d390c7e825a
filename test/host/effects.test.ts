import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { CATALOGUE, classify } from '../../src/host/catalogue/classify.ts'
import { EFFECTS } from '../../src/host/catalogue/effects.ts'
import { type Row, rows } from '../corpus/effects/table.ts'
import { runSuite } from '../support/run-suite.ts'
import { repositoryRoot, type TargetName } from '../support/targets.ts'
import { outcomesOf } from '../vitest/outcomes.ts'

const corpus = (name: string): string =>
  readFileSync(join(repositoryRoot, 'test/corpus/effects', name), 'utf8')
const table = corpus('table.ts')
const files = {
  ...Object.fromEntries(['table.ts', 'world.ts', 'effects.test.ts'].map(name => [name, corpus(name)])),
  ...Object.fromEntries(['removed.txt', 'from.txt', 'plain.txt'].map(name => [name, 'original'])),
}
const addon = join(repositoryRoot, 'prebuilds', `${process.platform}-${process.arch}`, 'forkpoint.node')

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

/** Where the call is that a row makes: its line has the row's name in a comment. */
function lineOf(name: string): number {
  return table.split('\n').findIndex(line => line.endsWith(`// <- ${name}`)) + 1
}

/** Of what it leaves open. */
function expectedLeaks({ name, effect, sees }: Row): string[] {
  return sees === 'closed' ? [`${name}: ${effect} at table.ts:${lineOf(name)}`] : []
}

/** What the report has to say of a row. */
function expected({ name, sees }: Row): string[] {
  if (typeof sees !== 'object') return []
  const { nature, call, resource = '' } = sees
  return [`${name}: ${nature} ${call} (${resource}) × 1 at table.ts:${lineOf(name)}`]
}

function describeFinding({ test: name, nature, call, resource = '', count, site = '' }: Finding): string {
  const shown = resource
    .replace(`:${port}`, ':PORT')
    .replace(addon, 'ADDON')
    .replace(/^\d+ SIGCONT$/, 'PPID SIGCONT')
    .replace(/^\d+$/, 'EGID')
  return `${name}: ${nature} ${call} (${shown}) × ${count} at ${lineOfSite(site)}`
}

function lineOfSite(site: string): string {
  return site.replace(/.*\/(\w+\.ts:\d+):\d+$/, '$1')
}

/** The catalogue has it under one of its names. */
function effectOf(call: string): string | undefined {
  return (classify(call) ?? classify(`globalThis.${call}`))?.effect
}

describe.each([
  ['vitest-4', 'fork'],
  ['vitest-4', 'heap'],
  ['vitest-5', 'fork'],
  ['vitest-5', 'heap'],
] as const satisfies ReadonlyArray<[TargetName, string]>)('%s, %s engine', (target, engine) => {
  test('each effect is undone, or is a finding with test, call, resource and line', async () => {
    const ended = await runSuite({
      target,
      files,
      plugin: { engine, warmup: 0, report: 'report.json' },
      env: { PEER_PORT: String(port), ADDON: addon },
    })
    const outcomes = outcomesOf(ended)
    const performed = rows.filter(({ name }) => `effects.test.ts > ${name}` in outcomes)
    expect(
      rows.filter(row => !performed.includes(row)).flatMap(({ does, needs }) => (does ? [needs] : [])),
    ).toEqual(target === 'vitest-4' ? ['node:sqlite'] : [])
    const failed = Object.keys(outcomes).filter(name => outcomes[name] !== 'passed')
    expect(failed.map(name => outcomes[name])).toEqual([expect.stringContaining('process.exit')])
    expect(failed).toEqual(
      performed.filter(({ sees }) => sees === 'failed').map(({ name }) => `effects.test.ts > ${name}`),
    )
    const { findings } = JSON.parse(ended.files['report.json'] ?? '{}') as { findings: Finding[] }
    const calls = findings.filter(({ kind }) => kind === 'host-call')
    expect(calls.map(describeFinding).sort()).toEqual(performed.flatMap(expected).sort())
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
