import type { CallRecords } from './call-records.ts'
import type { DiskGuard } from './disk-guard.ts'
import type { HostCall } from './host-call.ts'
import type { OwnPeers } from './own-peers.ts'
import type { RuleBook } from './rule-book.ts'
import type { SystemCallWatch } from './system-call-watch.ts'

interface Parts {
  disk: DiskGuard
  peers: OwnPeers
  rules: RuleBook
}

/**
 * Adds to the records what the kernel has told of in a test, and no replaced function has. Of whose code it is there is no telling.
 *
 * @returns what takes calls back, by rules
 */
export function reportSystemCalls(
  watch: SystemCallWatch,
  { disk, peers, rules }: Parts,
  records: CallRecords,
): Array<() => unknown> {
  const ruleFor = (call: HostCall): ReturnType<RuleBook['find']> =>
    rules.isEmpty ? null : rules.find(call, [])
  const found = watch.take({
    peers,
    isUndone: path => disk.isIsolated(path) || disk.isOwn(path),
    isReported: path => records.has(path),
    isAllowed: call => {
      const rule = ruleFor(call)
      return rule !== null && rule.nature !== 'unsafe'
    },
  })
  return found.flatMap(({ call, why }) => {
    const rule = ruleFor(call)
    if (rule === null || rule.nature === 'unsafe') records.add(call, [], {}, rule?.why ?? why)
    const { call: name, resource } = call
    return rule?.undo === undefined ? [] : [() => rule.undo?.({ call: name, resource })]
  })
}
