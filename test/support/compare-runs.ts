import { isOfOrder } from './is-of-order.ts'
import type { SuiteRun } from './suite-run.ts'

export interface Comparison {
  /** Paths of what may differ, as expressions over "captured.tasks.file > suite > test.events". */
  readonly except?: readonly RegExp[]
}

export interface RunComparison extends Comparison {
  /** Whether the order of events counts too: it differs between plain runs on a busy machine. */
  readonly inOrder?: boolean
}

type Report = (path: string, one: unknown, other: unknown) => void

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object'
}

function walk(path: string, one: unknown, other: unknown, report: Report): void {
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) {
    if (!Object.is(one, other)) report(path, one, other)
    return
  }
  // Lists are told as a whole: "one item more" reads better than every later item being another.
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) {
    report(path, one, other)
    return
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
    walk(path === '' ? key : `${path}.${key}`, one[key], other[key], report)
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

/** What two runs printed may differ (forkpoint prints its summary there); all else is compared. */
function comparable({ stdout: _, stderr: __, ...rest }: SuiteRun): unknown {
  return rest
}

/** Every difference of two runs as "path: one ≠ other"; empty when they are the same to a user. */
export function compareRuns(
  one: SuiteRun,
  other: SuiteRun,
  { inOrder = false, except }: RunComparison = {},
): string[] {
  const differences = differencesOf(comparable(one), comparable(other), { except: except ?? [] })
  return inOrder ? differences : differences.filter(difference => !isOfOrder(difference))
}

/** Every difference of two values as "path: one ≠ other". */
export function differencesOf(one: unknown, other: unknown, { except = [] }: Comparison = {}): string[] {
  const differences: string[] = []
  walk('', one, other, (path, left, right) => {
    if (except.some(pattern => pattern.test(path))) return
    differences.push(`${path}: ${show(left)} ≠ ${show(right)}`)
  })
  return differences
}
