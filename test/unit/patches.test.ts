import * as fsNamespace from 'node:fs'
import fs, { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { Patches } from '../../src/host/patches.ts'

const patches = new Patches()
afterEach(() => patches.undoAll())

test('a patched function keeps its name, its length and its own properties', () => {
  const { exists, realpath } = fs
  patches.patch(fs, 'exists', () => () => 'replaced')
  patches.patch(fs, 'realpath', () => () => 'replaced')
  expect(fs.exists).not.toBe(exists)
  expect([fs.exists.name, fs.exists.length]).toEqual(['exists', exists.length])
  expect(Reflect.get(fs.exists, promisify.custom)).toBe(Reflect.get(exists, promisify.custom))
  expect(fs.realpath.native).toBe(realpath.native)
})

test('ES modules that were loaded before see a patch, and see it undone', () => {
  const before = existsSync
  patches.patch(fs, 'existsSync', () => () => true)
  expect(fsNamespace.existsSync('/nowhere')).toBe(true)
  patches.undoAll()
  expect(fsNamespace.existsSync).toBe(before)
  expect(fsNamespace.existsSync('/nowhere')).toBe(false)
})

test('several patches over one another are undone newest first', () => {
  const target = { greet: () => 'hello' }
  const { greet } = target
  patches.patch(target, 'greet', original => () => `${original()}, you`)
  patches.patch(target, 'greet', original => () => `${original()} there`)
  expect(target.greet()).toBe('hello, you there')
  patches.undoAll()
  expect(target.greet).toBe(greet)
})

test('an inherited function is patched on the object, and is the inherited one again when undone', () => {
  const target: { greet(): string } = Object.create({ greet: () => 'hello' })
  patches.patch(target, 'greet', () => () => 'patched')
  expect(target.greet()).toBe('patched')
  patches.undoAll()
  expect(Object.hasOwn(target, 'greet')).toBe(false)
  expect(target.greet()).toBe('hello')
})

test('what is not there, and what can not be changed, is left alone', () => {
  const frozen = Object.freeze({ greet: () => 'hello' })
  expect(patches.patch({}, 'greet', original => original)).toBe(false)
  expect(patches.patch(frozen, 'greet', () => () => 'patched')).toBe(false)
  expect(frozen.greet()).toBe('hello')
})
