import type { Hook, UserFunction } from './circus.ts'

/** What is known of a `beforeEach` hook: a setup of forkpoint's, or what its source says. */
export type HookMark = { kind: 'setup' } | { kind: 'hoistable' } | { kind: 'blocked'; why: string }

/** Words by which a hook's source reaches for the test it runs before: none is running when it runs once per suite. */
const NEEDS_TEST: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bexpect\b/, 'it uses `expect`, which needs a running test'],
  [/\bthis\b/, "it uses `this`, which is the test's"],
  [/\[native code\]\s*\}\s*$/, 'its source can not be read: it is bound, or built in'],
  [/^(?:async\s+)?(?:function\s*)?\*/, 'it is a generator'],
]

/** As it was before user code. */
const sourceOf = Function.prototype.toString

/** Decides from its source whether a hook can run once per suite. A word in a comment counts too: then it is left alone. */
export function judgeHook(fn: UserFunction): HookMark {
  const source = sourceOf.call(fn)
  const reason = NEEDS_TEST.find(([pattern]) => pattern.test(source))
  return reason === undefined ? { kind: 'hoistable' } : { kind: 'blocked', why: reason[1] }
}

/** Where a hook was registered, as circus keeps it. */
export function siteOf({ asyncError }: Hook): string | undefined {
  const frames = String(asyncError.stack).split('\n')
  const frame = frames.find(line => /:\d+:\d+\)?$/.test(line) && !line.includes('/node_modules/'))
  return frame?.match(/\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/)?.[1]?.replace('file://', '')
}
