import { stripVTControlCharacters } from 'node:util'
import { describeDeath, type Outcome, type TestOutcome } from 'forkpoint/adapter'
import type { Test } from './circus.ts'
import type { SharedLists, Shipment } from './inside.ts'
import { type PackedError, packError } from './packed-error.ts'
import { type SnapshotChanges, snapshotTexts } from './snapshot-part.ts'

/** What a test came to that ran in a branch of its own. */
export function outcomeOf(outcome: Outcome, { snapshotsAt }: SharedLists): TestOutcome {
  if (outcome.kind !== 'value')
    return { state: 'fail', messages: [describeDeath('test', outcome)], snapshots: [] }
  const { results, changes } = (outcome.value as { shipment: Shipment }).shipment
  const errors = results.flatMap(([, result]) => result.errors)
  return outcomeFrom(errors, changes[snapshotsAt] as SnapshotChanges)
}

/** What a test came to that has run in this process. */
export function outcomeInPlace(
  { errors }: Test,
  { places }: SharedLists,
  changes: SnapshotChanges,
): TestOutcome {
  return outcomeFrom(
    errors.map(error => packError(error, places)),
    changes,
  )
}

function outcomeFrom(errors: readonly PackedError[], changes: SnapshotChanges): TestOutcome {
  return {
    state: errors.length > 0 ? 'fail' : 'pass',
    messages: errors.map(messageOf),
    snapshots: snapshotTexts(changes),
  }
}

/** Without colours. */
function messageOf(error: PackedError): string {
  switch (error.kind) {
    case 'pair':
      return error.parts[0] === undefined ? '' : messageOf(error.parts[0])
    case 'error': {
      const [, message] = error.fields.find(([key]) => key === 'message') ?? []
      return message?.kind === 'primitive' ? stripVTControlCharacters(String(message.value)) : error.name
    }
    case 'known':
      return error.message
    case 'primitive':
    case 'object':
      return String(error.value)
    case 'symbol':
      return String(error.description)
    case 'list':
      return error.items.map(messageOf).join('\n')
  }
}
