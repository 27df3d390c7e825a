import type { LeftProcess } from '../../engine.ts'
import type { HostCall } from './host-call.ts'
import type { Leak } from './leak.ts'
import type { RuleBook } from './rule-book.ts'

/**
 * What is to be said of processes that a test has left behind, below JavaScript: without what a rule says is no matter.
 *
 * @param known processes that the test is known for: what they have started is part of them
 */
export function leaksOf(
  processes: readonly LeftProcess[],
  known: ReadonlySet<number>,
  rules: RuleBook,
): Leak[] {
  return processes
    .filter(process => !known.has(process.pid) && !known.has(process.root) && !isAllowed(process, rules))
    .map(({ command }) => ({
      kind: 'process',
      what: `the process \`${command}\``,
      call: 'syscall:execve',
      effect: 'process.spawn',
      resource: command,
      stack: null,
      source: 'syscall',
      close: () => {},
      isLetGo: false,
      outlives: true,
    }))
}

/** A rule for the program, or for the command that has started it. */
function isAllowed({ program, command }: LeftProcess, rules: RuleBook): boolean {
  if (rules.isEmpty) return false
  const started = { effect: 'process.spawn', nature: 'unsafe' } as const
  const calls: HostCall[] = [
    { ...started, call: 'syscall:execve', resource: program },
    { ...started, call: 'child_process.spawn', resource: command },
  ]
  return calls.some(call => {
    const rule = rules.find(call, [])
    return rule !== null && rule.nature !== 'unsafe'
  })
}
