// What programs show, as text that can be compared: all that reflection sees of their values, with the identity of every object.
// Loaded before the heap engine's transform, so nothing in here is part of the state that is put back.
import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { inspect, types } from 'node:util'
import { describeBuiltIns, known } from './built-ins.mjs'

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, apply } = Reflect
const { isView } = ArrayBuffer
const { is, isFrozen } = Object
const { isBuffer, from: bytesOf } = Buffer
const poolLength = Buffer.allocUnsafe(1).buffer.byteLength
const { stringify } = JSON
const text = String
const hex = Buffer.prototype.toString
const { forEach: forEachOfMap } = Map.prototype
const { forEach: forEachOfSet } = Set.prototype
const { getTime } = Date.prototype
const { get: sourceOf } = getOwnPropertyDescriptor(RegExp.prototype, 'source')
const KnownMap = Map
const { get: mapGet, set: mapSet } = KnownMap.prototype
const digest = given => createHash('md5').update(given).digest('hex')

/** All that is told, and not its digest. */
const isWhole = process.env.FORKPOINT_FUZZ_WHOLE !== undefined

const timer = setTimeout(() => {}, 0)
clearTimeout(timer)
const timers = getPrototypeOf(timer)

/** Kinds whose state shows in no property, or that depends on the clock: programs read it themselves. */
const isClosed = object => {
  if (getPrototypeOf(object) === timers || getOwnPropertyDescriptor(object, '_idleStart')) return true
  for (let at = getPrototypeOf(object); at !== null; at = getPrototypeOf(at)) {
    const name = apply(mapGet, known, [at])
    if (name !== undefined && CLOSED[name]) return true
  }
  return false
}

const CLOSED = {
  __proto__: null,
  'URL.prototype': true,
  'URLSearchParams.prototype': true,
  'Headers.prototype': true,
  'FormData.prototype': true,
  'EventTarget.prototype': true,
  'AbortController.prototype': true,
  'TextDecoder.prototype': true,
}

const tagOf = object => {
  if (types.isProxy(object)) return 'Proxy'
  if (isView(object)) return 'View'
  const found = TAGS.find(([test]) => test(object))
  return found === undefined ? typeof object : found[1]
}

const TAGS = [
  [Array.isArray, 'Array'],
  [types.isMap, 'Map'],
  [types.isSet, 'Set'],
  [types.isDate, 'Date'],
  [types.isRegExp, 'RegExp'],
  [types.isNativeError, 'Error'],
  [types.isPromise, 'Promise'],
  [types.isWeakMap, 'WeakMap'],
  [types.isWeakSet, 'WeakSet'],
  [types.isAnyArrayBuffer, 'ArrayBuffer'],
  [types.isBoxedPrimitive, 'Boxed'],
  [types.isGeneratorObject, 'Generator'],
  [types.isArgumentsObject, 'Arguments'],
  [types.isModuleNamespaceObject, 'Module'],
]

const NUMBERS = /^Symbol\((async_id_symbol|trigger_async_id_symbol|kResourceStore)\)$/
const dateTime = date => text(apply(getTime, date, []))
const writeBytes = bytes => (bytes.length > 64 ? digest(bytes) : apply(hex, bytes, ['hex']))
const bufferState = buffer => {
  if (buffer.detached) return 'detached'
  const limit = buffer.resizable
    ? `/${buffer.maxByteLength}`
    : buffer.growable
      ? `+${buffer.maxByteLength}`
      : ''
  return `${buffer.byteLength}${limit}:${writeBytes(bytesOf(buffer))}`
}

/** Of each program of a group: the numbers of the objects that it had at its checkpoint. */
const numbersOf = []

/** Numbers the objects of a program that is about to be recorded: they have to be the same ones in every run. */
export function begin(index, values) {
  numbersOf[index] = new KnownMap()
  describe(values, numbersOf[index], numbersOf[index])
}

/** Writes a line of what a program shows: values, or a text. */
export function tell(index, seed, phase, seen, withBuiltIns) {
  const said = typeof seen === 'string' ? seen : describe(seen, numbersOf[index], new KnownMap())
  const all = withBuiltIns ? `${said}${describeBuiltIns()}` : said
  const isShort = isWhole || phase === 'ended'
  writeSync(1, `${stringify([seed, phase, isShort ? all : digest(all)])}\n`)
}

/**
 * Values, given as `[name, [value]]`, and all they lead to: a line for each object.
 *
 * @param before numbers that objects have had since the checkpoint; @param ids takes those of others
 */
function describe(values, before, ids) {
  const queue = []
  const done = new Set()
  const visit = (id, value) => {
    if (done.size < done.add(id).size) queue[queue.length] = [id, value]
  }
  let lines = ''

  const name = value => {
    if (typeof value === 'string') return `'${value}'`
    if (typeof value === 'bigint') return `${value}n`
    if (is(value, -0)) return '-0'
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return text(value)
    const given = apply(mapGet, known, [value])
    if (given !== undefined) return `<${given}>`
    let id = apply(mapGet, before, [value]) ?? apply(mapGet, ids, [value])
    if (id === undefined) {
      id = before === ids ? ids.size : before.size + ids.size
      apply(mapSet, ids, [value, id])
    }
    visit(id, value)
    return `#${id}`
  }

  const property = (object, key) => {
    const found = getOwnPropertyDescriptor(object, key)
    if (found === undefined) return 'nothing'
    const { value, get, set, writable, enumerable, configurable } = found
    const flags = `${writable ? 'w' : ''}${enumerable ? 'e' : ''}${configurable ? 'c' : ''}`
    // Of a stack the lines are other ones in transformed code.
    if (key === 'stack' && types.isNativeError(object)) return `${typeof value} ${flags.slice(-1)}`
    if (get !== undefined || set !== undefined) return `get ${name(get)} set ${name(set)} ${flags}`
    return `${name(value)} ${flags}`
  }

  const extra = (object, tag) => {
    if (tag === 'Map') {
      let entries = ''
      const add = (value, key) => {
        entries += `${name(key)} => ${name(value)}; `
      }
      apply(forEachOfMap, object, [add])
      return entries
    }
    if (tag === 'Set') {
      let entries = ''
      const add = value => {
        entries += `${name(value)}; `
      }
      apply(forEachOfSet, object, [add])
      return entries
    }
    if (tag === 'Date') return dateTime(object)
    if (tag === 'RegExp') return `/${apply(sourceOf, object, [])}/${apply(flagsOf, object, [])}`
    if (tag === 'Promise')
      return /<(\w+)>/.exec(inspect(object, { customInspect: false, depth: 0 }))?.[1] ?? 'fulfilled'
    if (tag === 'ArrayBuffer') return bufferState(object)
    // Small buffers of Node lie in a pool with others, at random.
    if (tag === 'View' && isBuffer(object) && object.buffer.byteLength === poolLength)
      return writeBytes(object)
    if (tag === 'View') return `${object.byteOffset}+${object.byteLength} of ${name(object.buffer)}`
    return ''
  }

  const line = object => {
    const tag = tagOf(object)
    if (isClosed(object)) return `${tag} closed`
    let said = `${tag} ${name(getPrototypeOf(object))} ${isExtensible(object) ? '' : isFrozen(object) ? 'frozen' : 'fixed'} ${extra(object, tag)}`
    const keys = ownKeys(object)
    for (let i = 0; i < keys.length; i++) {
      // Node's numbers for whoever listens to asynchronous calls.
      if (tag === 'Promise' && typeof keys[i] === 'symbol' && NUMBERS.test(text(keys[i]))) continue
      if (tag === 'View' && typeof keys[i] === 'string' && /^\d/.test(keys[i])) continue
      said += ` ${text(keys[i])}: ${property(object, keys[i])},`
    }
    return said
  }

  for (let i = 0; i < values.length; i++) lines += `${values[i][0]} = ${name(values[i][1][0])}\n`
  for (let i = 0; i < queue.length; i++) {
    let said
    try {
      said = line(queue[i][1])
    } catch (error) {
      said = `throws ${error?.name}: ${error?.message}`
    }
    lines += `#${queue[i][0]} ${said}\n`
  }
  return lines
}
