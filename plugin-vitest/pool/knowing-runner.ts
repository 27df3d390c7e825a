import type { WorkerLine } from './worker-line.ts'

/** A call that a worker makes of the main process. */
interface Call {
  i: string
  m: string
  a: readonly unknown[]
}

/** The line to the main process, which need not be asked where the runner's own module is: it is known under its path. */
export function knowingRunner(line: WorkerLine, runner: string): WorkerLine {
  const listeners = new Set<(message: unknown) => void>()
  return {
    post(message) {
      if (!isOfRunner(message, runner)) return line.post(message)
      const answer = { t: 's', i: message.i, r: null }
      queueMicrotask(() => {
        for (const listener of [...listeners]) listener(answer)
      })
    },
    on(listener) {
      listeners.add(listener)
      line.on(listener)
    },
    off(listener) {
      listeners.delete(listener)
      line.off(listener)
    },
  }
}

function isOfRunner(message: unknown, runner: string): message is Call {
  const { m, a } = Object(message) as Partial<Call>
  return m === 'resolve' && a?.[0] === runner
}
