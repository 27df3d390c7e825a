import { describe, expect, test } from 'vitest'
import { runScript } from './run-script.ts'

function tell(scenario: string): unknown {
  const { value, stderr } = runScript('ahead', scenario)
  expect(stderr).toBe('')
  return value
}

describe('a process that was forked ahead', () => {
  test('runs its branch from the state its parent has come to', () => {
    const seen = Array.from({ length: 20 }, (_, index) => index + 1)
    expect(tell('inOrder')).toEqual({ seen, left: [] })
  })

  test('waits for its branch, and ends when none follows', () => {
    expect(tell('waiting')).toEqual({ ahead: 1, rested: 0 })
  })

  test('ends where none follows, though it comes there before its parent', () => {
    expect(tell('sooner')).toBe(0)
  })

  test('is replaced when it has died', () => {
    expect(tell('killed')).toEqual({ value: 1, counter: 0 })
  })

  test('is replaced when it has come to another branch than its parent', () => {
    expect(tell('otherWay')).toBe('second')
  })

  test('ends before it turns the event loop, and is replaced', () => {
    expect(tell('noTurn')).toBe('done')
  })

  test('ends before user code runs in its parent', () => {
    expect(tell('userCode')).toEqual({ value: 1, counter: 1 })
  })

  test('is not for the branch after one that died', () => {
    expect(tell('died')).toEqual([
      { kind: 'signal', signal: 'SIGKILL' },
      { kind: 'value', value: 'done' },
    ])
  })
})
