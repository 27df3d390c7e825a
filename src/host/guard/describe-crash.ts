import type { Remains } from '../../engine.ts'
import type { Finding, TestPlace } from '../../finding.ts'
import { CallRecords } from './call-records.ts'
import { describeLeak } from './describe-leak.ts'
import type { DiskGuard } from './disk-guard.ts'
import type { Journals } from './journals.ts'
import { leaksOf } from './left-processes.ts'
import type { OwnPeers } from './own-peers.ts'
import { addUnseen, allowedBy } from './report-system-calls.ts'
import type { RuleBook } from './rule-book.ts'
import { findCrashed } from './system-call-watch.ts'

interface Parts {
  disk: DiskGuard
  peers: OwnPeers
  rules: RuleBook
}

interface Crash {
  findings: Finding[]
  /** What takes calls back, by rules. */
  undos: Array<() => unknown>
}

/**
 * What is to be said of a test whose process has ended without a result: what the kernel has told of it is all there is. What it did to the
 * disk has been undone.
 */
export function describeCrash(
  { calls, covers, pid, left }: Remains,
  { disk, peers, rules }: Parts,
  journals: Journals,
  place: TestPlace & { file: string },
): Crash {
  const records = new CallRecords()
  const isJournaled = (path: string): boolean => disk.isWhole || disk.footprint.has(path)
  const around = {
    peers,
    // What the process has done the journal knows of; what programs have done that it has started, it does not.
    isUndone: (path: string, isOfProcess: boolean): boolean =>
      covers(path) || journals.has(path) || (isOfProcess && isJournaled(path)),
    isReported: () => false,
    isAllowed: allowedBy(rules),
    pid,
  }
  const undos = calls === null ? [] : addUnseen(findCrashed(calls, around), rules, records)
  const leaks = leaksOf(left, new Set(), rules)
  const findings = [...records.take(place, false), ...leaks.flatMap(leak => describeLeak(leak, place, false))]
  return { findings, undos }
}
