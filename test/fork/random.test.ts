import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { targetNames, targetOf } from '../support/targets.ts'
import { scriptPath, startFlags } from './run-script.ts'

describe.each(targetNames)('on the Node of %s', target => {
  const tell = (scenario: string): unknown => {
    const args = [...startFlags, scriptPath('random'), scenario]
    const { stdout, stderr } = spawnSync(targetOf(target).node, args, { encoding: 'utf8' })
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }

  test('no two children, nor their children, make the same random value, whatever was made before', () => {
    expect(tell('used')).toEqual([])
    expect(tell('unused')).toEqual([])
  })

  test('Math.random() is part of the state: the same numbers come in every child', () => {
    expect(tell('mathRandom')).toBe(1)
  })
})
