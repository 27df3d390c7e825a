import { isPromise } from 'node:util/types'
import { stackBelow } from '../host/guard/call-records.ts'
import type { Call } from '../host/patches.ts'
import { sharedState } from '../state.ts'
import { findDeclared, runDeclared } from './declared.ts'
import { hostCall } from './host-call.ts'

/** What the tag `@rollback` says of a function. */
export interface Annotation {
  /** What the function is called in reports. */
  call: string
  nature: 'safe' | 'compensable' | 'unsafe'
  why: string
}

/** A tag that says nothing of any function. */
export interface Misplaced {
  /** `path:line` */
  site: string
  /** A clause. */
  problem: string
}

/** What transformed code calls for each tag. @returns the functions it is given, annotated, under the same names */
export function annotate(
  functions: Record<string, unknown>,
  tag: Annotation | Misplaced,
): Record<string, unknown> {
  if ('problem' in tag) {
    sharedState().misplacedTags.push(tag)
    return functions
  }
  return Object.fromEntries(
    Object.entries(functions).map(([name, fn]) => [
      name,
      typeof fn === 'function' ? wrap(fn as Call, tag) : fn,
    ]),
  )
}

function wrap(fn: Call, { call, nature, why }: Annotation): Call {
  const wrapper = nature === 'compensable' ? compensated(fn, call) : hostCall(fn, { call, nature, why })
  return imitate(wrapper as Call, fn)
}

/** The function takes back itself what it does: by undos that it registers. One that has registered none is reported. */
function compensated(fn: Call, call: string): Call {
  return function annotated(this: unknown, ...args) {
    const declared = { undos: 0, outer: findDeclared() }
    const origin = stackBelow(annotated)
    const judge = (): void => {
      if (declared.undos > 0) return
      const seen = { call, effect: 'declared', nature: 'compensable', resource: '' } as const
      sharedState().guard?.report(seen, annotated, {
        why: 'it has registered no undo by `onRollback()`',
        origin,
      })
    }
    const result: unknown = runDeclared(declared, () => Reflect.apply(fn, this, args))
    // What has failed has nothing to take back.
    if (isPromise(result)) result.then(judge, () => {})
    else judge()
    return result
  }
}

/** Whoever looks at the wrapper sees the function. */
function imitate(wrapper: Call, fn: Call): Call {
  for (const key of ['name', 'length', 'prototype']) {
    const descriptor = Object.getOwnPropertyDescriptor(fn, key)
    if (descriptor !== undefined) Object.defineProperty(wrapper, key, descriptor)
  }
  return Object.setPrototypeOf(wrapper, Object.getPrototypeOf(fn)) as Call
}
