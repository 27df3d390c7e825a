import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { livingOf, processesOf, waitUntilGone } from './processes.ts'

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly leftover: string[]
}

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Where its output is kept: files, since a pipe would stay open as long as the last orphan lives. */
  readonly logFolder: string
  readonly limitMs: number
}

/** Ends all processes of a group at once. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Nobody is left, which is what was wanted.
  }
}

/** A worker that was told to end may need a moment more than the process that told it. */
async function membersAfterGrace(session: number): Promise<string[]> {
  const left = await waitUntilGone(() => livingOf(processesOf(session)), 1000)
  return left.map(({ pid, command }) => `${pid} ${command}`)
}

/** Starts a command in a process group of its own, with its output in files of the log folder. */
export function startCommand({ program, args, cwd, env, logFolder }: Omit<Command, 'limitMs'>): ChildProcess {
  const [out, err] = ['stdout', 'stderr'].map(name => openSync(join(logFolder, name), 'w'))
  try {
    return spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', out, err] })
  } finally {
    for (const log of [out, err]) if (log !== undefined) closeSync(log)
  }
}

/** What a command has said so far. */
export function readOutput(logFolder: string): { stdout: string; stderr: string } {
  const read = (name: string): string => readFileSync(join(logFolder, name), 'utf8')
  return { stdout: read('stdout'), stderr: read('stderr') }
}

/** Runs a command in a process group of its own, for a bounded time, and leaves none of its processes behind. */
export function runBounded({ limitMs, ...command }: Command): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = startCommand(command)
    child.on('error', reject)
    const group = child.pid
    if (group === undefined) return
    const timer = setTimeout(killGroup, limitMs, group)
    child.on('exit', async exitCode => {
      clearTimeout(timer)
      const leftover = await membersAfterGrace(group)
      killGroup(group)
      resolve({
        exitCode,
        leftover,
        ...readOutput(command.logFolder),
      })
    })
  })
}
