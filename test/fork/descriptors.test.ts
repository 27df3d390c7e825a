import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runScript, scriptPath, startFlags } from './run-script.ts'

function tell(scenario: string): unknown {
  const { value, stderr } = runScript('descriptors', scenario)
  expect(stderr).toBe('')
  return value
}

describe('a file that was opened before the branch', () => {
  test('is read by every child from where it stood, and so by the parent', () => {
    expect(tell('read')).toEqual(['cdef', 'cdef', 'cdef', 'cd'])
  })

  test('is read by a child of a child from where it stood in that child', () => {
    expect(tell('nested')).toEqual([['efgh', 'efg', 'ef'], 'cd'])
  })

  test('is read by several children at once, each for itself', () => {
    expect(tell('atOnce')).toEqual(['ab', 'abcd', 'abcdef', 'ab'])
  })

  test('is written from where it stood', () => {
    expect(tell('write')).toEqual(['setup first', 'setup 2nd', 'setup end'])
  })

  test('for appending is written at its end', () => {
    expect(tell('append')).toBe('abc')
  })

  test('and deleted since is read all the same', () => {
    expect(tell('deleted')).toEqual(['cd', 'cd', 'cd'])
  })

  test('and locked stays locked in the child, which reads it from where it stood', () => {
    expect(tell('locked')).toEqual([0, [0, 'ab'], [0, 'ab'], 'ab'])
  })
})

test('a folder and a pipe stay what they were: what a child reads from a pipe is read', () => {
  expect(tell('others')).toEqual([['ab', 'pipe'], 'cd'])
})

test('standard output that is a file takes what all of them write, one after the other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-output-'))
  const output = openSync(join(folder, 'output'), 'w')
  spawnSync(process.execPath, [...startFlags, scriptPath('descriptors'), 'standardOutput'], {
    stdio: ['ignore', output, 'inherit'],
  })
  closeSync(output)
  expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('ab"c"')
  rmSync(folder, { recursive: true })
})

describe('a connection with both ends in the process', () => {
  test('is one of its own in each child: the answer comes from the state of the child', () => {
    expect(tell('keepAlive')).toEqual(['2', '2', '2'])
    expect(tell('keepAliveNested')).toEqual(['2', '3', '3', '3'])
  })

  test('is as it was, however a child has left its own', () => {
    expect(tell('leftOver')).toEqual(['2', '2'])
  })

  test('is listed with its other end, and what has not been read', () => {
    const inside = { inside: true, unread: 0, isEstablished: true }
    expect(tell('listed')).toEqual([
      { peer: 'server', ...inside },
      { peer: '127.0.0.1:port', ...inside },
    ])
  })
})

test('a connection that a child has opened and not accepted is not accepted by the next one', () => {
  expect(tell('waiting')).toEqual([true])
})
