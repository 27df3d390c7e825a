import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ForkpointError } from '../../src/errors.ts'
import { CATALOGUE, classify } from '../../src/host/catalogue/classify.ts'
import { EFFECTS } from '../../src/host/catalogue/effects.ts'
import { explainCall } from '../../src/host/catalogue/explain-call.ts'
import { watchedNames } from '../../src/host/guard/watched-calls.ts'
import { repositoryRoot, targetNames, targetOf } from '../support/targets.ts'

type Groups = Record<string, Record<string, string>>

const groups = JSON.parse(
  readFileSync(join(repositoryRoot, 'src/host/catalogue/calls.json'), 'utf8'),
) as Groups

/** Every known call, and the group it stands in: `compensable fs.write`. */
const known = new Map(
  Object.entries(groups).flatMap(([group, versions]) =>
    Object.values(versions).flatMap(names => names.split(' ').map(name => [name, group] as const)),
  ),
)

describe.each(targetNames)('the Node of %s', name => {
  const listed = execFileSync(
    targetOf(name).node,
    ['--no-warnings', join(repositoryRoot, 'scripts/catalogue/list-calls.mjs')],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  )

  test('every function that it offers has a nature', () => {
    const names = JSON.parse(listed) as string[]
    expect(names.length).toBeGreaterThan(2000)
    expect(names.filter(each => !known.has(each))).toEqual([])
  })
})

test('the list of calls is that of the rows', () => {
  const stale = [...known].filter(([name, group]) => {
    const row = classify(name)
    return row === null || group !== `${row.nature} ${row.effect}`
  })
  expect(stale).toEqual([])
})

test('each row is that of some call, but of what Node does not offer here', () => {
  const unused = CATALOGUE.filter(row => ![...known.keys()].some(name => classify(name) === row))
  expect(unused.map(({ calls }) => calls.source)).toEqual(['^quic\\b', '^process\\.(send|disconnect)$'])
})

test('whoever reads of an unsafe or compensable call also reads what to do, and how it would be undone', () => {
  const rows = CATALOGUE.filter(({ nature }) => nature !== 'safe')
  expect(rows.filter(({ effect }) => EFFECTS[effect].advice === '')).toEqual([])
  expect(rows.filter(({ nature, undo }) => nature === 'compensable' && undo === undefined)).toEqual([])
})

test('each call that matters is watched, or goes through one that is, or is a documented blind spot', () => {
  const watched = new Set(watchedNames())
  const forgotten = [...known.keys()].filter(name => {
    const row = classify(name)
    if (row === null || row.nature === 'safe' || row.unseen !== undefined) return false
    return !watched.has(name) && !watched.has(row.through ?? '')
  })
  expect(forgotten).toEqual([])
})

test('the documentation lists every blind spot', () => {
  const page = readFileSync(join(repositoryRoot, 'docs/host-calls.md'), 'utf8')
  const unseen = CATALOGUE.flatMap(({ unseen: reason }) => (reason === undefined ? [] : [reason]))
  expect(unseen.filter(reason => !page.includes(reason))).toEqual([])
})

describe('explain', () => {
  test('a compensable call', () => {
    expect(explainCall('node:fs.rmSync')).toBe(
      [
        'fs.rmSync',
        '  Nature   compensable, undone by what was there before the first change, which is kept',
        '  Effect   fs.delete: it removes a file or folder',
        '  Depends  more than can be kept: unsafe; nothing there: safe',
        "  Memory   with `fs: 'memory'` it is done in memory, and rolled back with it",
        '  Seen     by the guard',
        "  Advice   It is gone for the tests that follow. Remove copies only, or use `fs: 'memory'` or `fs: 'journal'`.",
      ].join('\n'),
    )
  })

  test.each([
    ['fetch', 'globalThis.fetch'],
    ['fs/promises.rm', 'fs.promises.rm'],
    ['FileHandle.write', 'fs.promises.FileHandle.prototype.write'],
    ['net.Socket.connect', 'net.Socket.prototype.connect'],
    ["fs.writeFileSync('a')", 'fs.writeFileSync'],
  ])('%s is %s', (given, name) => {
    expect(explainCall(given).split('\n')[0]).toBe(name)
  })

  test('a safe call has its reason, and no advice', () => {
    expect(explainCall('dns.lookup')).toBe(
      'dns.lookup\n' +
        '  Nature   safe: a question leaves the machine, and changes nothing\n' +
        '  Effect   net.query: it asks the name service',
    )
  })

  test('a name that Node does not have is an error with the nearest that it has', () => {
    expect(() => explainCall('fs.writFileSync')).toThrow(ForkpointError)
    expect(() => explainCall('fs.writFileSync')).toThrow(
      `[forkpoint] Failed to explain \`fs.writFileSync\`: Node ${process.versions.node} has no such call; ` +
        'did you mean `fs.writeFileSync`? (ERR_FORKPOINT_OPTION)',
    )
  })
})
