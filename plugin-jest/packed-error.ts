import { isNativeError } from 'node:util/types'
import { intrinsics } from 'forkpoint/adapter'

/** What a test may have thrown, as plain data: made into a value of the tests' own realm again by `unpackError`. */
export type PackedError =
  | { kind: 'primitive'; value: unknown }
  | { kind: 'symbol'; description: string | undefined }
  /** One of those that both sides have. */
  | { kind: 'known'; index: number; message: string }
  | { kind: 'pair'; parts: PackedError[] }
  | { kind: 'list'; items: PackedError[] }
  | { kind: 'error'; native: string; className: string; name: string; stack: unknown; fields: PackedField[] }
  | { kind: 'object'; className: string; value: unknown }

type PackedField = [key: string, value: PackedError, isEnumerable: boolean]

/** The classes of errors that the language has. */
const NATIVE = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
])

/** Causes of causes are followed so far; a cycle ends there. */
const DEEPEST = 10

/** @param known errors that the other process has too, in the same order */
export function packError(value: unknown, known: ReadonlyMap<unknown, number>, depth = 0): PackedError {
  if (typeof value === 'symbol') return { kind: 'symbol', description: value.description }
  if (typeof value === 'function') return { kind: 'object', className: 'Function', value: {} }
  if (typeof value !== 'object' || value === null) return { kind: 'primitive', value }
  const index = known.get(value)
  if (index !== undefined) return { kind: 'known', index, message: String((value as Error).message) }
  // What circus keeps of an error: what was thrown, and where the test or hook was registered.
  if (depth === 0 && Array.isArray(value))
    return { kind: 'pair', parts: value.map(part => packError(part, known, 1)) }
  if (depth > DEEPEST || !isErrorLike(value)) return packObject(value)
  const { stack } = value
  return {
    kind: 'error',
    native: nativeClassOf(value),
    className: classNameOf(value),
    name: String(value.name),
    stack,
    fields: packFields(value, known, depth),
  }
}

function packFields(error: Error, known: ReadonlyMap<unknown, number>, depth: number): PackedField[] {
  const fields: PackedField[] = []
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(error))) {
    if (key === 'stack' || !('value' in descriptor)) continue
    const { value, enumerable = false } = descriptor
    if (typeof value === 'function' || typeof value === 'symbol') continue
    const packed: PackedError =
      Array.isArray(value) && value.some(isErrorLike)
        ? { kind: 'list', items: value.map(item => packError(item, known, depth + 1)) }
        : packError(value, known, depth + 1)
    fields.push([key, packed, enumerable])
  }
  if (!Object.hasOwn(error, 'message') && error.message !== '')
    fields.push(['message', { kind: 'primitive', value: error.message }, false])
  return fields
}

/** Errors of a page are none of the language's: what is like one has its message and stack, wherever it has them from. */
function isErrorLike(value: unknown): value is Error {
  if (isNativeError(value) || value instanceof Error) return true
  const { message, stack } = (value ?? {}) as Partial<Error>
  return typeof message === 'string' && typeof stack === 'string'
}

function packObject(value: object): PackedError {
  const className = classNameOf(value)
  try {
    intrinsics.serialize(value)
    return { kind: 'object', className, value }
  } catch {
    return { kind: 'object', className, value: withoutUnsendable(value) }
  }
}

/** As JSON would have it, which is how Jest sends it to its main process in the end. */
function withoutUnsendable(value: object): unknown {
  try {
    return intrinsics.parseJson(intrinsics.stringifyJson(value)) as unknown
  } catch {
    return {}
  }
}

function classNameOf(value: object): string {
  const { constructor: present } = value as { constructor?: { name?: unknown } }
  return typeof present?.name === 'string' ? present.name : ''
}

function nativeClassOf(error: object): string {
  for (let at: object | null = error; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const name = Object.hasOwn(at, 'constructor') ? classNameOf(at) : ''
    if (NATIVE.has(name)) return name
  }
  return 'Error'
}
