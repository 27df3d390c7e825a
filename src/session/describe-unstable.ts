/** What a test came to, as far as it must be the same whenever it runs from one state. */
export interface TestOutcome {
  state: string
  /** Of its errors. */
  messages: readonly string[]
  /** What it gave for snapshots that are to be written. */
  snapshots: readonly string[]
}

const LONGEST = 200

/** What differs between two runs of a test from one checkpoint, as a sentence with the usual causes; null where nothing does. */
export function describeUnstable(first: TestOutcome, second: TestOutcome): string | null {
  const words = describeEnds(first, second) ?? describeSnapshots(first.snapshots, second.snapshots)
  if (words === null) return null
  const [one, other] = words
  return (
    `Run twice from one checkpoint, the test had two outcomes: first it ${one}, then it ${other}. It depends on what a rollback ` +
    'does not bring back: time, chance, files, another process, or state that the engine does not see.'
  )
}

function describeEnds(first: TestOutcome, second: TestOutcome): readonly [string, string] | null {
  const at = indexOfDifference(first.messages, second.messages)
  if (first.state === second.state && at === null) return null
  return [describeEnd(first, at ?? 0), describeEnd(second, at ?? 0)]
}

function describeEnd({ state, messages }: TestOutcome, at: number): string {
  if (state === 'pass') return 'passed'
  if (state !== 'fail') return 'was skipped'
  const message = messages[at] ?? messages[0]
  return message === undefined ? 'failed' : `failed with ${quote(message)}`
}

function describeSnapshots(
  first: readonly string[],
  second: readonly string[],
): readonly [string, string] | null {
  const at = indexOfDifference(first, second)
  if (at === null) return null
  const describe = (text: string | undefined): string =>
    text === undefined ? 'gave no snapshot' : `gave the snapshot ${quote(text)}`
  return [describe(first[at]), describe(second[at])]
}

function indexOfDifference(first: readonly string[], second: readonly string[]): number | null {
  for (let i = 0; i < Math.max(first.length, second.length); i++) if (first[i] !== second[i]) return i
  return null
}

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}
