import { adoptValue } from 'forkpoint/adapter'
import type { PackedError } from './packed-error.ts'

type Realm = typeof globalThis
type ErrorPack = Extract<PackedError, { kind: 'error' }>

/** The value that `packError` has packed, made of the classes of `realm`. @param known as there */
export function unpackError(packed: PackedError, realm: Realm, known: readonly Error[]): unknown {
  const unpack = (part: PackedError): unknown => unpackError(part, realm, known)
  switch (packed.kind) {
    case 'primitive':
      return packed.value
    case 'symbol':
      return Symbol(packed.description)
    case 'known': {
      const error = known[packed.index]
      if (error === undefined) throw new RangeError(`no error has the number ${packed.index}`)
      // circus writes into it what was thrown.
      if (error.message !== packed.message) error.message = packed.message
      return error
    }
    case 'pair':
      return packed.parts.map(unpack)
    case 'list':
      return realm.Array.from(packed.items.map(unpack))
    case 'object':
      return giveClass(adoptValue(packed.value, realm), packed.className, realm)
    case 'error':
      return unpackNative(packed, realm, unpack)
  }
}

function unpackNative(packed: ErrorPack, realm: Realm, unpack: (part: PackedError) => unknown): Error {
  const classes = realm as unknown as Record<string, ErrorConstructor>
  const Native = classes[packed.native] ?? realm.Error
  // Only `AggregateError` takes a list first.
  const error = packed.native === 'AggregateError' ? new realm.AggregateError([]) : new Native('')
  for (const key of Object.keys(Object.getOwnPropertyDescriptors(error))) Reflect.deleteProperty(error, key)
  for (const [key, field, enumerable] of packed.fields) {
    Object.defineProperty(error, key, {
      value: unpack(field),
      enumerable,
      configurable: true,
      writable: true,
    })
  }
  Object.defineProperty(error, 'stack', { value: packed.stack, configurable: true, writable: true })
  if (packed.className !== packed.native) giveClass(error, packed.className, realm)
  if (error.name !== packed.name) {
    const prototype: object = Object.create(Object.getPrototypeOf(error))
    Object.defineProperty(prototype, 'name', { value: packed.name, configurable: true, writable: true })
    Object.setPrototypeOf(error, prototype)
  }
  return error
}

/** What prints it names the class by its constructor. */
function giveClass<Value>(value: Value, className: string, realm: Realm): Value {
  if (typeof value !== 'object' || value === null) return value
  const { constructor: present } = value as { constructor?: { name?: string } }
  if (className === '' || present?.name === className) return value
  const parent = Object.getPrototypeOf(value) as object | null
  const Named = { [className]: class extends realm.Object {} }[className]
  const prototype: object = Object.create(parent)
  Object.defineProperty(prototype, 'constructor', { value: Named, configurable: true, writable: true })
  Object.setPrototypeOf(value, prototype)
  return value
}
