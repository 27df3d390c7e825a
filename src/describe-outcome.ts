import type { Outcome } from './engine.ts'

/** The message of a test, or suite, whose branch brought no result. */
export function describeDeath(what: 'test' | 'suite', outcome: Exclude<Outcome, { kind: 'value' }>): string {
  return `[forkpoint] The ${what} did not end: ${describeOutcome(outcome)}. (ERR_FORKPOINT_CHILD)`
}

/** What ended a branch that brought no result, and its usual cause, as a clause: "it was killed by SIGSEGV (…)". */
export function describeOutcome(outcome: Exclude<Outcome, { kind: 'value' }>): string {
  switch (outcome.kind) {
    case 'signal': {
      const cause = SIGNAL_CAUSES[outcome.signal]
      return `its process was killed by ${outcome.signal}${cause === undefined ? '' : ` (${cause})`}`
    }
    case 'exit':
      return (
        `its process exited with code ${outcome.code} before it had ended ` +
        `(${EXIT_CAUSES[outcome.code] ?? 'process.exit or process.reallyExit was called'})`
      )
    case 'timeout':
      return `its process stayed silent for ${outcome.afterMs} ms and was killed (a busy loop, or a call that blocks the thread)`
  }
}

/** Why a process usually ends with a code; 98 is the fork engine's own. */
const EXIT_CAUSES: Readonly<Record<number, string>> = {
  1: 'process.exit or process.reallyExit was called, or an error was not caught',
  95: 'the thread that watches its system calls failed; the line on its standard error says why',
  96: 'it could not be given a disk or a network of its own; the line on its standard error says which step failed',
  98: 'its result could not be sent; the usual cause is a descriptor that was closed by code that did not open it',
}

/** Why a process usually dies of a signal. */
const SIGNAL_CAUSES: Readonly<Record<string, string>> = {
  SIGSEGV: 'a crash in native code',
  SIGBUS: 'a crash in native code',
  SIGILL: 'a crash in native code',
  SIGFPE: 'a crash in native code',
  SIGABRT: 'an abort: process.abort(), a failed assertion in native code, or the heap ran out of memory',
  SIGTRAP: 'a fatal error of V8, the heap ran out of memory for one',
  SIGKILL: 'from outside: the system ran out of memory, or somebody killed it',
}
