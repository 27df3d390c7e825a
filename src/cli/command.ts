import type { RunnerKit } from './runner-kit.ts'
import type { Terminal } from './terminal.ts'

/** What a process of ours ends with. */
export const EXIT = {
  /** Done, and the answer is yes. */
  ok: 0,
  /** Done, and the answer is no: no engine can run, outcomes differ. */
  no: 1,
  /** It could not be done: a wrong argument, a file that is none. */
  failed: 2,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export interface Flag {
  /** What stands for its value in the help; without it the flag takes none. */
  readonly value?: string
  /** What it does, in a few words. */
  readonly does: string
}

/** What a command was given, checked against what it takes. */
export interface Given {
  readonly flags: ReadonlyMap<string, string>
  readonly operands: readonly string[]
  /** What stands after `--`. */
  readonly rest: readonly string[]
}

export interface Command {
  readonly name: string
  /** What it does, in one line without a full stop. */
  readonly does: string
  /** What its help says besides: whole sentences. */
  readonly more: string
  /** What it must be given, in order, by the words of its help: `FILE`. */
  readonly operands: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** What stands after `--`, by the words of its help; null: nothing may. */
  readonly rest: string | null
  run(given: Given, surroundings: Surroundings): ExitCode | Promise<ExitCode>
}

export interface Surroundings {
  terminal: Terminal
  /** The test runners that forkpoint has a plugin for. */
  runners: readonly RunnerKit[]
}
