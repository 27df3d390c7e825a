import * as fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'

const require = createRequire(import.meta.url)

/** @type {import('./table.ts').KindGroup} */
export const processes = {
  title: 'The process, global variables and modules',
  kinds: {
    environment: {
      state: '`process.env`',
      change: 'written, added',
      make() {
        process.env.FORKPOINT_CONTRACT = 'before'
        return () => {
          const before = [process.env.FORKPOINT_CONTRACT, 'FORKPOINT_NEW' in process.env]
          process.env.FORKPOINT_CONTRACT = 'after'
          process.env.FORKPOINT_NEW = '1'
          return [...before, process.env.FORKPOINT_CONTRACT]
        }
      },
      seen: ['before', false, 'after'],
    },

    folder: {
      state: 'current folder, file mask, exit code, title',
      change: 'set',
      make() {
        process.chdir('/')
        process.umask(0o22)
        process.title = 'before'
        return () => {
          const before = [process.cwd(), process.umask(), process.exitCode ?? 'none', process.title]
          process.chdir(tmpdir())
          process.umask(0o77)
          process.exitCode = 3
          process.title = 'after'
          const after = [process.cwd() === '/', process.umask(), process.exitCode, process.title]
          process.exitCode = undefined
          return [before, after]
        }
      },
      seen: [
        ['/', 0o22, 'none', 'before'],
        [false, 0o77, 3, 'after'],
      ],
    },

    listeners: {
      state: 'listeners and properties of `process`',
      change: 'added',
      make: () => () => {
        const before = [process.listenerCount('contract'), typeof process.contract]
        process.on('contract', () => {})
        process.contract = 1
        return [...before, process.listenerCount('contract'), process.contract]
      },
      seen: [0, 'undefined', 1, 1],
    },

    globals: {
      state: 'global variables',
      change: 'added, replaced, deleted',
      make: () => () => {
        const before = [typeof globalThis.contractGlobal, typeof escape, structuredClone({ a: 1 })]
        globalThis.contractGlobal = 1
        globalThis.structuredClone = () => 'broken'
        delete globalThis.escape
        return [...before, typeof globalThis.contractGlobal, typeof globalThis.escape, structuredClone({})]
      },
      seen: ['undefined', 'function', { a: 1 }, 'number', 'undefined', 'broken'],
    },

    builtIns: {
      state: 'built-in objects and their prototypes',
      change: 'methods added, replaced',
      make: () => () => {
        const before = ['contractOnly' in [], [1, 2].at(-1), Math.max(1, 2), JSON.stringify(1)]
        Array.prototype.contractOnly = true
        Array.prototype.at = () => 'broken'
        Math.max = () => 'broken'
        JSON.stringify = () => 'broken'
        const after = ['contractOnly' in [], [1, 2].at(-1), Math.max(1, 2), JSON.stringify(1)]
        return [before, after]
      },
      seen: [
        [false, 2, 2, '1'],
        [true, 'broken', 'broken', 'broken'],
      ],
    },

    builtInFunctions: {
      state: 'built-in functions',
      change: 'given properties, another name',
      make: () => () => {
        const before = ['tagged' in Math.max, [].at.name, 'tagged' in fs.readFileSync, 'tagged' in setTimeout]
        Math.max.tagged = 1
        Object.defineProperty(Array.prototype.at, 'name', { value: 'renamed' })
        fs.readFileSync.tagged = 1
        setTimeout.tagged = 1
        return [before, Math.max.tagged, [].at.name, fs.readFileSync.tagged, setTimeout.tagged]
      },
      seen: [[false, 'at', false, false], 1, 'renamed', 1, 1],
    },

    nodeModules: {
      state: "exports of Node's modules",
      change: 'replaced',
      make: () => () => {
        const before = typeof fs.existsSync('/')
        fs.default.existsSync = () => 'broken'
        syncBuiltinESMExports()
        return [before, fs.existsSync('/')]
      },
      seen: ['boolean', 'broken'],
    },

    commonJs: {
      state: 'a CommonJS module',
      change: 'first loaded by the test, changed',
      make: () => () => {
        const required = require('./late-module.cjs')
        return ++required.visits
      },
      seen: 1,
    },

    esModule: {
      state: 'an ES module that Node loads',
      change: 'first loaded by the test, in a script without a test runner',
      make: () => async () => {
        const late = await import('./late-module.mjs')
        late.visit()
        return late.visits
      },
      seen: 1,
      refused: {
        to: 'run',
        path: 'test/kinds/late-module.mjs',
        why: 'it was first loaded after the checkpoint, and Node keeps it loaded',
      },
    },
  },
}
