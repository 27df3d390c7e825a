import { sep } from 'node:path'
import { describeCheckpoints } from './describe-checkpoints.ts'
import { describeDiscarded } from './describe-discarded.ts'
import { describeEngines } from './describe-engines.ts'
import { describeFindings } from './describe-findings.ts'
import { describeHoisted } from './describe-hoisted.ts'
import { describeHostCalls } from './describe-host-calls.ts'
import { describePlainSuites } from './describe-plain-suites.ts'
import { describeStarts } from './describe-starts.ts'
import { layOut } from './lay-out.ts'
import type { FileRecord, RunRecord } from './run-record.ts'
import type { Manner, Section } from './section.ts'
import { createStyle } from './style.ts'

export interface SummaryOptions {
  colors: boolean
  /** Say everything: every suite left plain, every hook left alone, every place of a finding. */
  trace: boolean
  /** The folder that paths are shown from. Without it: as they were recorded. */
  root?: string
}

/** What a run has to say at its end, for people; without a line break at its end. */
export function formatSummary(run: RunRecord, { colors, trace, root }: SummaryOptions): string {
  const style = createStyle(colors)
  const manner: Manner = { style, trace, showPath: path => withoutRoot(path, root) }
  return layOut(describeRun(run, manner), style)
}

function describeRun(run: RunRecord, manner: Manner): Section[] {
  const files = run.files.filter(hasSomethingToSay)
  if (files.length === 0) {
    const words = 'nothing to do: no suite has a `setup` or a hoisted hook'
    const starts = describeStarts(run.starts, manner)
    return starts.length > 0 ? starts : [{ label: 'Forkpoint', lines: [manner.style.dim(words)] }]
  }
  const rolledBack = files.filter(({ engine }) => engine.chosen !== 'off')
  return [
    describeEngines(files, manner),
    ...describeStarts(run.starts, manner),
    ...describeCheckpoints(rolledBack, manner),
    ...describePlainSuites(rolledBack, manner),
    ...describeHoisted(files, manner),
    ...describeFindings(files, manner, run.findings),
    ...describeHostCalls(files, manner),
    ...describeDiscarded(files, manner),
  ]
}

function hasSomethingToSay({ checkpoints, hoisted, notHoisted, findings }: FileRecord): boolean {
  return checkpoints.length > 0 || hoisted > 0 || notHoisted.length > 0 || findings.length > 0
}

function withoutRoot(path: string, root: string | undefined): string {
  return root !== undefined && path.startsWith(root + sep) ? path.slice(root.length + 1) : path
}
