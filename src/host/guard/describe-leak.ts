import { callSiteOf } from '../../call-site.ts'
import type { Finding, TestPlace } from '../../finding.ts'
import { LEAKS, type Leak } from './leak.ts'

/** What is said of a leak, if anything is. */
export function describeLeak(leak: Leak, place: TestPlace & { file: string }, trace: boolean): Finding[] {
  const { kind, what, call, effect, resource, stack, isLetGo } = leak
  if (kind === null || isLetGo) return []
  const { began, still, ended, remedy } = LEAKS[kind]
  const site = stack === null ? undefined : callSiteOf(stack)
  return [
    {
      kind: 'leak',
      effect,
      call,
      resource,
      detail: `${capitalise(what)} was ${began} in the test, and still ${still} when it ended: it was ${ended}. ${remedy}`,
      ...place,
      ...(site === undefined ? {} : { site }),
      ...(trace && stack?.stack !== undefined ? { stack: stack.stack } : {}),
      // Of what nobody has seen being opened Node itself has told, and nothing closes it.
      source: leak.source ?? (kind === 'resource' ? 'audit' : 'js'),
      undone: kind !== 'resource',
      count: 1,
    },
  ]
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
