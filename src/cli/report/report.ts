import { readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { ForkpointError } from '../../errors.ts'
import { toPage } from '../../report/html/page.ts'
import { layOut } from '../../report/lay-out.ts'
import { readReport, toRunRecord } from '../../report/read-report.ts'
import type { ReportFile } from '../../report/report-file.ts'
import { formatMs } from '../../report/statistics.ts'
import { createStyle } from '../../report/style.ts'
import { formatSummary } from '../../report/summary.ts'
import { type Command, EXIT } from '../command.ts'

export const report: Command = {
  name: 'report',
  does: 'prints a report file for people, or makes a page of it',
  more:
    'FILE is what a run has written for the option `report`. All that the run had to say is printed, without leaving anything out; paths are\n' +
    'shown from this folder.',
  operands: ['FILE'],
  flags: { html: { value: 'OUT', does: 'writes one page instead, with the timeline and the findings' } },
  rest: null,
  run({ operands: [file = ''], flags }, { terminal }) {
    const { cwd, colors } = terminal
    const read = readReport(resolve(cwd, file))
    const out = flags.get('html')
    if (out === undefined) {
      const summary = formatSummary(toRunRecord(read), { colors, trace: true, root: cwd })
      terminal.print(`${describeRun(read, colors)}\n${summary}`)
    } else {
      writePage(resolve(cwd, out), read, cwd)
      terminal.print(`Written to ${out}`)
    }
    return EXIT.ok
  },
}

function describeRun({ runner, node, startedAt, wallMs, forkpoint }: ReportFile, colors: boolean): string {
  const style = createStyle(colors)
  const lines = [
    `${runner} on Node ${node}, forkpoint ${forkpoint}${style.dim(`: ${startedAt}, ${formatMs(wallMs)}`)}`,
  ]
  return layOut([{ label: 'Run', lines }], style)
}

function writePage(path: string, read: ReportFile, root: string): void {
  const page = toPage(read, {
    showPath: each => (each.startsWith(root + sep) ? each.slice(root.length + 1) : each),
    readLines: each => readLines(each, root),
  })
  try {
    writeFileSync(path, page)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      `Failed to write the page to ${path}: ${reason}; give \`--html\` a path that can be written`,
      { cause },
    )
  }
}

/** Of files below the folder only: a report may come from elsewhere, and a page is made to be passed on. */
function readLines(path: string, root: string): string[] | null {
  const below = relative(root, path)
  if (below.startsWith('..') || isAbsolute(below)) return null
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return null
  }
}
