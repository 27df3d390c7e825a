import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { rows } from '../corpus/effects/table.ts'
import {
  addon,
  describeFinding,
  effectFiles,
  expected,
  expectedLeaks,
  lineOfSite,
} from '../support/effect-findings.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'

const files = {
  ...effectFiles,
  'effects.test.ts': String(effectFiles['effects.test.ts']).replace(
    "import { expect, test, vi } from 'vitest'",
    "import { expect, test } from '@jest/globals'\nimport { vi } from './vi.mjs'",
  ),
  'vi.mjs': `
    const waitFor = async check => {
      for (const end = Date.now() + 30_000; ; await new Promise(resolve => setTimeout(resolve, 5))) {
        try {
          return check()
        } catch (error) {
          if (Date.now() > end) throw error
        }
      }
    }
    export const vi = { waitFor }
  `,
  // The places of what is left stay what they are.
  'strip.cjs': `exports.process = code => ({ code: require('node:module').stripTypeScriptTypes(code) })`,
  'enter.cjs': 'process.chdir(__dirname)',
}

/** With the heap engine a test runs where it would in plain Jest, where `process.exit` ends the whole run. */
const withoutExit = {
  ...files,
  'table.ts': String(effectFiles['table.ts']).replace('() => process.exit(0)', 'undefined'),
}

const peer = createServer((_, response) => response.end('answer'))
beforeAll(() => new Promise<void>(resolve => peer.listen(0, '127.0.0.1', resolve)))
afterAll(() => peer.close())

test.each([
  ['fork', files, []],
  ['heap', withoutExit, ['ends its process']],
] as const)(
  '%s engine: each effect is undone, or is a finding with test, call, resource and line',
  async (engine, suite, leftOut) => {
    const { port } = peer.address() as AddressInfo
    const { variants, report, stderr, leftover } = await runJest({
      target: 'Jest 30, Node 24',
      files: suite,
      variants: { rolledBack: { engine, warmup: 0 } },
      config: {
        testMatch: ['**/*.test.ts'],
        extensionsToTreatAsEsm: ['.ts'],
        transform: { '\\.ts$': '<rootDir>/strip.cjs' },
        setupFiles: ['<rootDir>/enter.cjs'],
      },
      runConfig: { testTimeout: 60_000 },
      env: { PEER_PORT: String(port), ADDON: addon, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    })
    const outcomes = jestOutcomes(variants.rolledBack)
    const performed = rows.filter(({ name }) => `effects.test.ts > ${name}` in outcomes)
    expect(
      rows.filter(row => !performed.includes(row) && row.does !== undefined).map(({ name }) => name),
      stderr,
    ).toEqual(leftOut)
    const failed = Object.keys(outcomes).filter(name => outcomes[name] !== 'passed')
    expect(failed).toEqual(
      performed.filter(({ sees }) => sees === 'failed').map(({ name }) => `effects.test.ts > ${name}`),
    )
    const exits = failed.map(name => outcomes[name])
    expect(exits).toEqual(exits.map(() => expect.stringContaining('process.exit')))
    const { findings } = report as { findings: Finding[] }
    const calls = findings.filter(({ kind }) => kind === 'host-call')
    const described = calls.map(each =>
      describeFinding(each, port).replaceAll(/\/[^ ()]*\/suite-0/g, '<dir>'),
    )
    expect(described.sort()).toEqual(performed.flatMap(expected).sort())
    const leaks = findings.filter(({ kind }) => kind === 'leak')
    expect(
      leaks.map(({ test: name, effect, site = '' }) => `${name}: ${effect} at ${lineOfSite(site)}`).sort(),
    ).toEqual(performed.flatMap(expectedLeaks).sort())
    expect(findings.filter(({ kind }) => kind !== 'host-call' && kind !== 'leak')).toEqual([])
    expect(leftover).toEqual([])
  },
)
