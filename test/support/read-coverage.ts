import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Coverage } from './suite-run.ts'

interface Position {
  readonly line: number
  readonly column: number | null
}
interface Range {
  readonly start: Position
  readonly end: Position
}
interface FileCoverage {
  readonly path: string
  readonly statementMap: Readonly<Record<string, Range>>
  readonly fnMap: Readonly<Record<string, { readonly name: string; readonly loc: Range }>>
  readonly branchMap: Readonly<Record<string, { readonly type: string; readonly loc: Range }>>
  readonly s: Readonly<Record<string, number>>
  readonly f: Readonly<Record<string, number>>
  readonly b: Readonly<Record<string, readonly number[]>>
}

function at({ start, end }: Range): string {
  return `${start.line}:${start.column}-${end.line}:${end.column}`
}

function word(count: number | undefined): string {
  return count === undefined ? 'unknown' : count > 0 ? 'covered' : 'not covered'
}

function linesOf(file: FileCoverage): string[] {
  return [
    ...Object.entries(file.statementMap).map(([id, range]) => `statement ${at(range)} ${word(file.s[id])}`),
    ...Object.entries(file.fnMap).map(
      ([id, { name, loc }]) => `function ${name} ${at(loc)} ${word(file.f[id])}`,
    ),
    ...Object.entries(file.branchMap).map(
      ([id, { type, loc }]) => `branch ${type} ${at(loc)} ${file.b[id]?.map(word).join(', ')}`,
    ),
  ]
}

/** What a run wrote into its coverage folder; `undefined` when coverage was off. */
export function readCoverage(folder: string, root: string): Coverage | undefined {
  const final = join(folder, 'coverage-final.json')
  if (!existsSync(final)) return undefined
  const files = Object.values(JSON.parse(readFileSync(final, 'utf8')) as Record<string, FileCoverage>)
  return {
    table: readFileSync(join(folder, 'table.txt'), 'utf8'),
    covered: Object.fromEntries(files.map(file => [relative(root, file.path), linesOf(file)])),
  }
}
