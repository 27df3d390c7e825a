import type { WatchedCall, WatchKind } from './watched-calls.ts'

/** What is done when a watched function is called: it calls the original, and gives its result. */
export type Handlers = Readonly<Record<WatchKind, (call: WatchedCall) => unknown>>

/** Makes the call. */
export function original({ original, self, args }: WatchedCall): unknown {
  return Reflect.apply(original, self, args)
}
