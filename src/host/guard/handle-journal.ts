import type { ChildProcess } from 'node:child_process'
import { callSiteOf } from '../../call-site.ts'
import type { Finding, TestPlace } from '../../finding.ts'
import type { Call } from '../patches.ts'
import { type Stack, stackBelow } from './call-records.ts'

interface OpenHandle {
  /** As a sentence has it: `a server on port 8080`. */
  what: string
  call: string
  effect: string
  stack: Stack
  isOpen(): boolean
  close(): void
  /** Its end is not that of the process: it would live on. */
  outlives: boolean
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null
}

/** By `unref()`: it is to live on, whatever becomes of this process. */
function isLetGo(child: ChildProcess): boolean {
  const { _handle: handle } = child as unknown as { _handle?: { hasRef?(): boolean } | null }
  return handle?.hasRef?.() === false
}

/** What a test has opened: closed at its end where it still is open, and what would outlive its process is named. */
export class HandleJournal {
  #open: OpenHandle[] = []

  begin(): void {
    this.#open = []
  }

  add(handle: Omit<OpenHandle, 'stack' | 'outlives'>, below: Call): void {
    this.#open.push({ ...handle, outlives: false, stack: stackBelow(below) })
  }

  addProcess(child: ChildProcess, command: string, below: Call): void {
    this.#open.push({
      what: `the process \`${command}\``,
      call: 'child_process.spawn',
      effect: 'process.spawn',
      isOpen: () => isRunning(child) && !isLetGo(child),
      close: () => child.kill('SIGKILL'),
      outlives: true,
      stack: stackBelow(below),
    })
  }

  /** What is still open and outlives the process of the test, as findings; it is ended. */
  takeLeaks(place: TestPlace & { file: string }): Finding[] {
    const leaks = this.#open.filter(handle => handle.outlives && handle.isOpen())
    return leaks.map(({ what, call, effect, stack, close }) => {
      close()
      const site = callSiteOf(stack)
      return {
        kind: 'leak',
        effect,
        call,
        detail: `${what} was started in the test, and still ran when it ended: it was killed. End it in the test.`,
        ...place,
        ...(site === undefined ? {} : { site }),
        source: 'js',
        undone: true,
        count: 1,
      } satisfies Finding
    })
  }

  closeAll(): void {
    for (const handle of this.#open.splice(0).reverse()) if (handle.isOpen()) handle.close()
  }
}
