import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

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

/** The processes of a group that are alive, as "pid command". Linux only; elsewhere none are found. */
function membersOf(group: number): string[] {
  try {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(name => {
        try {
          const [, command = '', rest = ''] =
            /\((.*)\) (.*)$/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
          const [state, , owner] = rest.split(' ')
          return Number(owner) === group && state !== 'Z' ? [`${name} ${command}`] : []
        } catch {
          return []
        }
      })
  } catch {
    return []
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Nobody is left, which is what was wanted.
  }
}

/** A worker that was told to end may need a moment more than the process that told it. */
async function membersAfterGrace(group: number): Promise<string[]> {
  for (let tries = 0; tries < 20 && membersOf(group).length > 0; tries++) await delay(50)
  return membersOf(group)
}

/** Runs a command in a process group of its own, for a bounded time, and leaves none of its processes behind. */
export function runBounded({ program, args, cwd, env, logFolder, limitMs }: Command): Promise<Ended> {
  const logs = [join(logFolder, 'stdout'), join(logFolder, 'stderr')] as const
  const [out, err] = [openSync(logs[0], 'w'), openSync(logs[1], 'w')]
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', out, err] })
    closeSync(out)
    closeSync(err)
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
        stdout: readFileSync(logs[0], 'utf8'),
        stderr: readFileSync(logs[1], 'utf8'),
        leftover,
      })
    })
  })
}
