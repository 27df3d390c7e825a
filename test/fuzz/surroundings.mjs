// State that belongs to no value of a program: each with a change, and what a program sees of it.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'

const iterators = Object.getPrototypeOf([][Symbol.iterator]())
const typedArrays = Object.getPrototypeOf(Uint8Array.prototype)
const broken = () => 'broken'

const replace = (object, name) => ({
  change: () => {
    object[name] = broken
  },
  read: () => object[name] === broken,
})

const remove = (object, name) => ({
  change: () => delete object[name],
  read: () => typeof object[name],
})

const add = (object, name = 'extra') => ({
  change: t => {
    object[name] = t.value()
  },
  read: () => object[name],
})

export const surroundings = [
  add(globalThis, 'fuzzed'),
  add(globalThis, Symbol.for('fuzzed')),
  add(Array.prototype, 'fuzzed'),
  add(Math.max, 'tagged'),
  add(fs.readFileSync, 'tagged'),
  add(iterators),
  add(Object.getPrototypeOf(async () => {})),
  add(process, 'fuzzed'),
  remove(Array.prototype, 'flat'),
  remove(globalThis, 'escape'),
  remove(globalThis, 'fetch'),
  replace(Array.prototype, 'at'),
  replace(Math, 'max'),
  replace(JSON, 'parse'),
  replace(Date, 'now'),
  replace(typedArrays, 'at'),
  replace(EventEmitter.prototype, 'emit'),
  replace(fs, 'existsSync'),
  replace(Promise.prototype, 'finally'),
  replace(globalThis, 'structuredClone'),
  replace(console, 'log'),
  replace(process, 'cwd'),
  {
    change: t => Object.defineProperty(Object.prototype, 'fuzzed', { value: t.int(9), configurable: true }),
    read: () => ({}).fuzzed,
  },
  {
    change: () => {
      const held = { n: 0 }
      Map.prototype.count = () => ++held.n
    },
    read: () => new Map().count?.(),
  },
  {
    change: () => Object.setPrototypeOf(Number.prototype, null),
    read: () => Object.getPrototypeOf(Number.prototype) === null,
  },
  {
    change: () =>
      Object.defineProperty(Array.prototype.map, 'name', { value: 'renamed', configurable: true }),
    read: () => Array.prototype.map.name,
  },
  {
    change: t => {
      process.env.FUZZED = t.int(9)
    },
    read: () => process.env.FUZZED,
  },
  { change: () => process.on('fuzzed', broken), read: () => process.listenerCount('fuzzed') },
  { change: t => process.chdir(t.pick(['/', '/usr', '/tmp'])), read: () => process.cwd() },
  {
    change: t => {
      process.exitCode = t.int(3)
    },
    read: () => process.exitCode,
  },
  {
    change: t => {
      process.title = `t${t.int(9)}`
    },
    read: () => process.title.slice(0, 2),
  },
  {
    change: () => {
      EventEmitter.defaultMaxListeners = 3
    },
    read: () => EventEmitter.defaultMaxListeners,
  },
  { change: () => process.umask(0o77), read: () => process.umask() },
]
