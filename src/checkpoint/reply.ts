import { sharedState } from '../state.ts'

/** What a run sends back; `unsendable` says that its value, or its error, can't be, and why. */
export type Reply = { value: unknown } | { error: unknown } | { unsendable: string }

/** Runs the body, and the callbacks before it, to the end. */
export async function replyOf(body: () => unknown): Promise<Reply> {
  try {
    for (const callback of sharedState().callbacks.after) await callback()
    return { value: await body() }
  } catch (error) {
    return { error }
  }
}

export function unsendable(reply: Reply, reason: unknown): Reply {
  const what = 'error' in reply ? 'error' : 'value'
  const message = reason instanceof Error ? reason.message : String(reason)
  return { unsendable: `its ${what} can't be sent back: ${message}` }
}
