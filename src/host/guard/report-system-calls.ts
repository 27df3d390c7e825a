import type { CallRecords } from './call-records.ts'
import type { DiskGuard } from './disk-guard.ts'
import type { OwnPeers } from './own-peers.ts'
import type { RuleBook } from './rule-book.ts'
import type { Surroundings, SystemCallWatch, UnseenCall } from './system-call-watch.ts'

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
  const found = watch.take({
    peers,
    isUndone: path => disk.isIsolated(path) || disk.isOwn(path),
    isReported: path => records.has(path),
    isAllowed: allowedBy(rules),
    pid: process.pid,
  })
  return addUnseen(found, rules, records)
}

/** By a rule it is no matter. */
export function allowedBy(rules: RuleBook): Surroundings['isAllowed'] {
  return call => {
    const rule = rules.isEmpty ? null : rules.find(call, [])
    return rule !== null && rule.nature !== 'unsafe'
  }
}

/** Adds them to the records, but for those that a rule says are no matter. @returns what takes them back, by rules */
export function addUnseen(
  found: readonly UnseenCall[],
  rules: RuleBook,
  records: CallRecords,
): Array<() => unknown> {
  return found.flatMap(({ call, why }) => {
    const rule = rules.isEmpty ? null : rules.find(call, [])
    if (rule === null || rule.nature === 'unsafe') records.add(call, [], {}, rule?.why ?? why)
    const { call: name, resource } = call
    return rule?.undo === undefined ? [] : [() => rule.undo?.({ call: name, resource })]
  })
}
