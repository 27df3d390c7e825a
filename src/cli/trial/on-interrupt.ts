const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal that is aborted when somebody wants this process to end, which then ends by itself. */
export function onInterrupt(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  for (const name of SIGNALS) process.on(name, abort)
  return {
    signal: controller.signal,
    forget: () => {
      for (const name of SIGNALS) process.off(name, abort)
    },
  }
}
