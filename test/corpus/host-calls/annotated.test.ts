// Calls of which the tests say themselves what they are.
import { execSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { hostCall, onRollback, rollbackSafe, setup } from 'forkpoint'
import { expect, test } from 'vitest'

setup(() => {})

test('declares calls safe', async () => {
  rollbackSafe(() => execSync('true'), { why: 'does nothing' })
  await rollbackSafe(
    async () => {
      await new Promise(resolve => setTimeout(resolve, 1))
      spawnSync('true')
    },
    { why: 'does nothing' },
  )
})
test('without a reason it is an error', () => {
  expect(() => rollbackSafe(() => {}, {} as never)).toThrow('`why` is missing')
})
const make = hostCall((name: string) => fs.writeFileSync(name, name), {
  call: 'make',
  nature: 'compensable',
  undo: (_, [name]) => fs.rmSync(name),
  why: 'removed again',
})
test('undoes by functions of its own', () => {
  make('declared-1.txt')
  onRollback(() => expect(fs.existsSync('declared-1.txt')).toBe(true))
  make('declared-2.txt')
  onRollback(() => expect(fs.existsSync('declared-2.txt')).toBe(true))
})
test('and they have run', () => {
  expect([fs.existsSync('declared-1.txt'), fs.existsSync('declared-2.txt')]).toEqual([false, false])
})
