import { callSiteOf, captureStack } from '../../call-site.ts'
import type { Finding, TestPlace } from '../../finding.ts'
import { EFFECTS } from '../catalogue/effects.ts'
import type { Call } from '../patches.ts'
import { type Frame, isOfNode, isOwn } from './callers.ts'
import type { HostCall } from './host-call.ts'

/** A stack that is written out when somebody asks. */
export interface Stack {
  stack?: string
}

interface Recorded {
  call: HostCall
  stack: Stack
  why: string | null
  count: number
}

/** Host calls of one test that are to be reported; those from one line to one thing are counted. */
export class CallRecords {
  readonly #records = new Map<string, Recorded>()

  /** @param why what made it worse than its kind of call usually is, as a clause */
  add(call: HostCall, frames: readonly Frame[], stack: Stack, why: string | null): void {
    const line = frames.find(
      frame => !isOfNode(frame) && !isOwn(frame) && !frame.file.includes('/node_modules/'),
    )
    const key = `${call.call} ${call.resource} ${line?.file} ${line?.position}`
    const known = this.#records.get(key)
    // One that did not happen says nothing of another that did.
    if (known === undefined || call.hasHappened !== undefined) {
      const place = known === undefined ? key : `${key} ${this.#records.size}`
      this.#records.set(place, { call, stack, why, count: 1 })
    } else known.count++
  }

  /** Whether a call on just this was added. */
  has(resource: string): boolean {
    return [...this.#records.values()].some(({ call }) => call.resource === resource)
  }

  /** What has happened, as findings of a test; and forgets it. */
  take(place: TestPlace & { file: string }, trace: boolean): Finding[] {
    const findings = [...this.#records.values()]
      .filter(({ call }) => call.hasHappened?.() ?? true)
      .map(record => toFinding(record, place, trace))
    this.#records.clear()
    return findings
  }
}

/** The stack from the caller of `below` on. */
export function stackBelow(below: Call): Stack {
  return captureStack(below as (...args: never[]) => unknown)
}

function toFinding(
  { call: { call, effect, nature, resource, source }, stack, why, count }: Recorded,
  place: TestPlace & { file: string },
  trace: boolean,
): Finding {
  const site = callSiteOf(stack)
  const what = resource === '' ? call : `${call} (${resource})`
  const detail =
    nature === 'compensable'
      ? `${what} was not undone${why === null ? '' : `: ${why}`}. ${EFFECTS[effect].advice}`
      : `${what} can't be rolled back${why === null ? '' : `: ${why}`}. ${EFFECTS[effect].advice}`
  return {
    kind: 'host-call',
    nature,
    effect,
    call,
    resource,
    detail,
    ...place,
    ...(site === undefined ? {} : { site }),
    ...(trace && stack.stack !== undefined ? { stack: stack.stack } : {}),
    source: source ?? 'js',
    undone: false,
    count,
  }
}
