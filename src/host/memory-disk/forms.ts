import { setImmediate } from '../../intrinsics.ts'
import type { Call } from '../patches.ts'
import type { CallRow } from './call-table.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { Pass, renamePath } from './pass.ts'
import { callReal } from './real-disk.ts'

/** One function of `node:fs`, and what stands for it. */
export interface Form {
  disk: MemoryDisk
  row: CallRow
  /** Its synchronous form, which also judges the arguments of the others. */
  realSync: Call
  /** Whether memory answers a call from there. */
  isOurs(caller: Call, isReading: boolean): boolean
}

/** The answer as such: a value, an error that is thrown, or a `Pass`. */
export function answer({ disk, row, realSync }: Form, args: readonly unknown[]): unknown {
  return row.call(disk, args, realSync)
}

export function syncForm(form: Form, original: Call): Call {
  return function call(this: unknown, ...args) {
    if (!form.isOurs(call, form.row.isReading === true)) return Reflect.apply(original, this, args)
    const result = answer(form, args)
    return result instanceof Pass
      ? passSync(result, original, this)
      : isSteps(result)
        ? runSteps(result)
        : result
  }
}

function passSync(pass: Pass, original: Call, self: unknown): unknown {
  try {
    const result = callReal(original, self, pass.args)
    return pass.after ? pass.after(result) : result
  } catch (error) {
    throw renamePath(error, pass)
  }
}

/** As with Node, wrong arguments throw at once, and nothing calls back before this turn of the loop is over. */
export function callbackForm(form: Form, original: Call): Call {
  return function call(this: unknown, ...given) {
    const isOurs = form.isOurs(call, form.row.isReading === true)
    const callback = given.at(-1)
    if (!isOurs || !isFunction(callback)) return Reflect.apply(original, this, given)
    return callBack(form, original, this, given.slice(0, -1), callback)
  }
}

export function callBack(
  form: Form,
  original: Call,
  self: unknown,
  given: readonly unknown[],
  callback: (...results: unknown[]) => unknown,
): unknown {
  const args = completeRead(form.row, given)
  let result: unknown
  try {
    result = answer(form, args)
  } catch (error) {
    if (isMisuse(error)) throw error
    setImmediate(() => callback(error))
    return undefined
  }
  if (result instanceof Pass) return passCallback(result, original, self, callback)
  if (isSteps(result)) {
    awaitSteps(result).then(
      () => setImmediate(() => callback(null)),
      error => setImmediate(() => callback(error)),
    )
    return undefined
  }
  const { toCallback } = form.row
  const results = toCallback?.(result, args) ?? (result === undefined ? [] : [result])
  setImmediate(() => callback(null, ...results))
  return undefined
}

function passCallback(
  pass: Pass,
  original: Call,
  self: unknown,
  callback: (...args: unknown[]) => unknown,
): unknown {
  const { after } = pass
  const isSeen = pass.path !== undefined || after !== undefined
  const seen = (error: unknown, ...results: unknown[]): unknown => {
    if (error) return callback(renamePath(error, pass))
    if (after) results[0] = after(results[0])
    return callback(error, ...results)
  }
  return callReal(original, self, [...pass.args, isSeen ? seen : callback])
}

export function promiseForm(form: Form, original: Call): Call {
  return async function call(this: unknown, ...args) {
    if (!form.isOurs(call, form.row.isReading === true)) return Reflect.apply(original, this, args)
    return promise(form, original, this, args)
  }
}

export async function promise(
  form: Form,
  original: Call,
  self: unknown,
  args: readonly unknown[],
): Promise<unknown> {
  const result = answer(form, args)
  if (result instanceof Pass) return passPromise(result, original, self)
  if (isSteps(result)) return awaitSteps(result)
  await turn()
  return result
}

async function passPromise(pass: Pass, original: Call, self: unknown): Promise<unknown> {
  try {
    const result = await callReal(original, self, pass.args)
    return pass.after ? pass.after(result) : result
  } catch (error) {
    throw renamePath(error, pass)
  }
}

/** One turn of the event loop: what is on its way elsewhere gets on, as while a disk works. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** `fs.read` may be called without a buffer, or with an object that has it. */
function completeRead(row: CallRow, args: readonly unknown[]): readonly unknown[] {
  const [fd, second, ...rest] = args
  if (row.toCallback === undefined || row.isReading || typeof second === 'string') return args
  if (ArrayBuffer.isView(second) || Array.isArray(second)) return args
  if (second !== undefined && (typeof second !== 'object' || second === null)) return args
  const { buffer = Buffer.alloc(16_384), ...options } = (second ?? {}) as { buffer?: unknown }
  return [fd, buffer, options, ...rest]
}

export function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function'
}

function isMisuse(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof RangeError) && 'code' in error
}

type Steps = Generator<unknown, unknown, unknown>

function isSteps(value: unknown): value is Steps {
  return typeof value === 'object' && value !== null && 'next' in value && 'throw' in value
}

function runSteps(steps: Steps): unknown {
  let step = steps.next()
  while (!step.done) step = steps.next(step.value)
  return step.value
}

async function awaitSteps(steps: Steps): Promise<unknown> {
  await turn()
  let step = steps.next()
  while (!step.done) step = steps.next(await step.value)
  return step.value
}
