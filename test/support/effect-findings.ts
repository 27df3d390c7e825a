import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../../src/finding.ts'
import { classify } from '../../src/host/catalogue/classify.ts'
import type { Row } from '../corpus/effects/table.ts'
import { repositoryRoot } from './targets.ts'

const corpus = (name: string): string =>
  readFileSync(join(repositoryRoot, 'test/corpus/effects', name), 'utf8')
const table = corpus('table.ts')

/** The suite in which each effect is performed, and the files that it needs. */
export const effectFiles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['table.ts', 'world.ts', 'effects.test.ts'].map(name => [name, corpus(name)])),
  ...Object.fromEntries(['removed.txt', 'from.txt', 'plain.txt'].map(name => [name, 'original'])),
}

/** A native addon, of those that can be loaded. */
export const addon: string = join(
  repositoryRoot,
  'prebuilds',
  `${process.platform}-${process.arch}`,
  'forkpoint.node',
)

/** Where the call is that a row makes: its line has the row's name in a comment. */
function lineOf(name: string): number {
  return table.split('\n').findIndex(line => line.endsWith(`// <- ${name}`)) + 1
}

/** Of what it leaves open. */
export function expectedLeaks({ name, effect, sees }: Row): string[] {
  return sees === 'closed' ? [`${name}: ${effect} at table.ts:${lineOf(name)}`] : []
}

/** What the report has to say of a row. */
export function expected({ name, sees }: Row): string[] {
  if (typeof sees !== 'object') return []
  const { nature, call, resource = '' } = sees
  return [`${name}: ${nature} ${call} (${resource}) × 1 at table.ts:${lineOf(name)}`]
}

/** @param port of the server that the rows talk to */
export function describeFinding(
  { test: name, nature, call, resource = '', count, site = '' }: Finding,
  port: number,
): string {
  const shown = resource
    .replace(`:${port}`, ':PORT')
    .replace(addon, 'ADDON')
    .replace(/^\d+ SIGCONT$/, 'PPID SIGCONT')
    .replace(/^\d+$/, 'EGID')
  return `${name}: ${nature} ${call} (${shown}) × ${count} at ${lineOfSite(site)}`
}

export function lineOfSite(site: string): string {
  return site.replace(/.*\/(\w+\.ts:\d+):\d+$/, '$1')
}

/** The catalogue has it under one of its names. */
export function effectOf(call: string): string | undefined {
  return (classify(call) ?? classify(`globalThis.${call}`))?.effect
}
