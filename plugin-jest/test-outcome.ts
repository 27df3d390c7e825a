import { stripVTControlCharacters } from 'node:util'
import { describeDeath, type Outcome, type TestOutcome } from 'forkpoint/adapter'
import type { SharedLists, Shipment } from './inside.ts'
import type { PackedError } from './packed-error.ts'
import { type SnapshotChanges, snapshotTexts } from './snapshot-part.ts'

/** What a test came to that ran in a branch of its own. */
export function outcomeOf(outcome: Outcome, { snapshotsAt }: SharedLists): TestOutcome {
  if (outcome.kind !== 'value')
    return { state: 'fail', messages: [describeDeath('test', outcome)], snapshots: [] }
  const { results, changes } = (outcome.value as { shipment: Shipment }).shipment
  const errors = results.flatMap(([, result]) => result.errors)
  return {
    state: errors.length > 0 ? 'fail' : 'pass',
    messages: errors.map(messageOf),
    snapshots: snapshotTexts(changes[snapshotsAt] as SnapshotChanges),
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
