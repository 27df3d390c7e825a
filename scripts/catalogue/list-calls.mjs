import { open } from 'node:fs/promises'
import { builtinModules, createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Only under their own prefix, so that `builtinModules` of some versions does not list them. */
const ONLY_PREFIXED = ['ffi', 'sea', 'sqlite', 'test', 'test/reporters', 'vfs']
const DEEPEST = 3
/** Found on every function and class. */
const OF_FUNCTIONS = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
  'constructor',
  '__proto__',
])
/** Plain objects are looked into; of others, those with these names, whose functions are used as if they were a module's. */
const NAMESPACES = new Set([
  'promises',
  'posix',
  'win32',
  'webcrypto',
  'subtle',
  'performance',
  'permission',
  'report',
])
/** Of these the globals are the values of a test, and not a host. */
const NOT_GLOBAL = new Set(['globalThis', 'global', 'process'])

/**
 * Names of all functions, classes, methods and accessors that this Node offers to user code: those of its modules (legacy ones,
 * whose names begin with `_`, are other names for the same), and the global ones. A function with several names is listed
 * under the first.
 *
 * @returns {Promise<string[]>} sorted
 */
export async function listCalls() {
  const list = new CallList()
  for (const name of moduleNames()) list.addModule(name)
  const handle = await open('/dev/null')
  list.walk(Object.getPrototypeOf(handle), 'fs.promises.FileHandle.prototype', 1)
  await handle.close()
  list.addGlobals()
  return [...list.names].sort()
}

function moduleNames() {
  const own = builtinModules.map(name => name.replace(/^node:/, '')).filter(name => !name.startsWith('_'))
  const all = new Set(['fs', 'process', ...own, ...ONLY_PREFIXED])
  return [...all].filter(name => !['sys', 'domain', 'punycode'].includes(name))
}

class CallList {
  names = new Set()
  #seen = new Set()
  #functions = new Set()

  addModule(name) {
    const exported = load(name)
    if (exported === null) return
    if (typeof exported === 'function') {
      this.#functions.add(exported)
      this.names.add(name)
      this.walk(exported.prototype, `${name}.prototype`, 1)
    }
    this.walk(exported, name, 0)
    if (name === 'process') this.#walkPrototypes(exported, name)
    if (name === 'perf_hooks') this.#walkPrototypes(exported.performance, 'perf_hooks.performance')
    if (name === 'crypto') {
      this.#walkPrototypes(exported.webcrypto, 'crypto.webcrypto')
      this.#walkPrototypes(exported.subtle, 'crypto.subtle')
    }
  }

  addGlobals() {
    for (const key of Object.getOwnPropertyNames(globalThis).sort()) {
      if (NOT_GLOBAL.has(key)) continue
      const value = read(globalThis, key)
      const path = `globalThis.${key}`
      if (typeof value === 'function') this.#addFunction(value, path, 2)
      else if (typeof value === 'object' && value !== null) {
        this.walk(value, path, 2)
        this.#walkPrototypes(value, path)
      }
    }
  }

  /** Not getters on prototypes: called without an instance they throw, or reject. */
  walk(object, path, depth) {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) return
    if (depth > DEEPEST || this.#seen.has(object)) return
    this.#seen.add(object)
    for (const key of Object.getOwnPropertyNames(object)) {
      if (OF_FUNCTIONS.has(key)) continue
      const { get, set, value: own } = Object.getOwnPropertyDescriptor(object, key)
      const isAccessor = get !== undefined || set !== undefined
      const name = `${path}.${key}`
      if (isAccessor) this.names.add(name)
      const value = !isAccessor ? own : path.includes('prototype') ? undefined : read(object, key)
      if (typeof value === 'function') this.#addFunction(value, name, depth)
      else if (isNamespace(value, key)) this.walk(value, name, depth + 1)
    }
  }

  #addFunction(value, name, depth) {
    if (this.#functions.has(value)) return
    this.#functions.add(value)
    this.names.add(name)
    if (isClass(value)) this.walk(value.prototype, `${name}.prototype`, depth + 1)
    this.walk(value, name, depth + 1)
  }

  #walkPrototypes(object, path) {
    for (let each = Object.getPrototypeOf(object); isOfNode(each); each = Object.getPrototypeOf(each))
      this.walk(each, path, 1)
  }
}

/** Null where this Node has no such module, or keeps it behind a flag. */
function load(name) {
  try {
    return require(`node:${name}`)
  } catch {
    return null
  }
}

function read(object, key) {
  try {
    return object[key]
  } catch {
    return undefined
  }
}

function isNamespace(value, key) {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || NAMESPACES.has(key)
}

function isClass(value) {
  const { prototype } = value
  return (
    typeof prototype === 'object' && prototype !== null && Object.getOwnPropertyNames(prototype).length > 1
  )
}

/** A prototype that is not that of every object. */
function isOfNode(prototype) {
  return prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null
}

// As a program: the names, as JSON. A process of its own, since the version of Node is what matters.
if (process.argv[1] === import.meta.filename) {
  process.on('unhandledRejection', () => {})
  process.stdout.write(JSON.stringify(await listCalls()))
}
