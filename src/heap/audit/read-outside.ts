import { createHash } from 'node:crypto'
import { types } from 'node:util'
import { writeKey } from '../find-path.ts'
import { poolLength } from '../kinds/buffers.ts'
import {
  dateGetTime,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isArray,
  isExtensible,
  mapForEach,
  ownKeys,
  setForEach,
} from '../uncurried.ts'
import type { Edge } from './edge.ts'

/** What reflection shows of an object, not a proxy. Runs no user code. */
export function readOutside(object: object): Edge[] {
  const edges: Edge[] = ArrayBuffer.isView(object) ? [readView(object)] : readProperties(object)
  edges.push(['.__proto__', getPrototypeOf(object)], [' (extensible)', isExtensible(object)])
  if (types.isMap(object)) {
    mapForEach(object, (value, key) => {
      const i = edges.length
      edges.push([` (key ${i})`, key], [` (value ${i})`, value])
    })
  } else if (types.isSet(object)) setForEach(object, value => edges.push([` (value ${edges.length})`, value]))
  else if (types.isDate(object)) edges.push([' (time)', dateGetTime(object)])
  else if (types.isAnyArrayBuffer(object)) edges.push([' (bytes)', hash(object, 0, object.byteLength)])
  return edges
}

function readProperties(object: object): Edge[] {
  const edges: Edge[] = []
  for (const key of ownKeys(object)) {
    if (isPassedOver(object, key)) continue
    const { value, get, set, writable, enumerable, configurable } =
      getOwnPropertyDescriptor(object, key) ?? {}
    const step = writeKey(key)
    if (get || set) edges.push([`${step} (getter)`, get], [`${step} (setter)`, set])
    else edges.push([step, value])
    const isPlain = isArray(object) || (writable && enumerable && configurable)
    if (!isPlain) edges.push([`${step} (attributes)`, `${writable} ${enumerable} ${configurable}`])
  }
  return edges
}

/** What V8 shows there changes by itself, or is made when it is looked at. */
function isPassedOver(object: object, key: PropertyKey): boolean {
  if (typeof object === 'function') return key === 'caller' || key === 'arguments'
  return key === 'stack' && types.isNativeError(object)
}

/** The memory of a small `Buffer` is that of many others, which belong to anybody. */
function readView(view: ArrayBufferView): Edge {
  const { buffer, byteOffset, byteLength } = view
  const isPooled = Buffer.isBuffer(view) && buffer.byteLength === poolLength
  return isPooled ? [' (bytes)', hash(buffer, byteOffset, byteLength)] : ['.buffer', buffer]
}

function hash(buffer: ArrayBufferLike, offset: number, length: number): string {
  try {
    return createHash('sha1')
      .update(new Uint8Array(buffer, offset, length))
      .digest('base64')
  } catch {
    return 'detached'
  }
}
