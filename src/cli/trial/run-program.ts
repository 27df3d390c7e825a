import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { clearTimeout, setTimeout } from '../../intrinsics.ts'

/** So long a program that was told to end may take for it. */
const GRACE_MS = 5000

interface Program {
  cwd: string
  env: NodeJS.ProcessEnv
  /** The file that its output goes to: a pipe would stay open as long as the last process it has started lives. */
  log: string
  /** Ends it. */
  signal: AbortSignal
  /** It has sent something. */
  note(message: unknown): void
}

/**
 * Runs a program of Node to its end, in a process group of its own where the system has that: when it has ended, nothing that it
 * has started is left. Gives its exit code, or the signal that has ended it.
 */
export function runProgram(
  args: readonly string[],
  { cwd, env, log, signal, note }: Program,
): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const output = openSync(log, 'w')
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      detached: HAS_GROUPS,
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
    let timer: NodeJS.Timeout | undefined
    const end = (): void => {
      kill(child, 'SIGTERM')
      timer = setTimeout(kill, GRACE_MS, child, 'SIGKILL')
    }
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
    child.on('message', note)
    child.on('error', reject)
    child.on('close', (code, endedBy) => {
      signal.removeEventListener('abort', end)
      clearTimeout(timer)
      kill(child, 'SIGKILL')
      resolve(endedBy ?? code)
    })
  })
}

const HAS_GROUPS = process.platform !== 'win32'

/** All of its group. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (HAS_GROUPS && child.pid !== undefined) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch {
    // Nobody is left, which is what was wanted.
  }
}
