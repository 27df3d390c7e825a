import type { Finding, TestPlace } from '../../finding.ts'
import type { NotUndone } from '../journal/undo.ts'

export function describeNotUndone(
  { path, why, kept }: NotUndone,
  place: TestPlace & { file: string },
): Finding {
  const where = kept === null ? '' : `; its content before the test is in ${kept}`
  return {
    kind: 'unrestorable',
    nature: 'unsafe',
    effect: 'fs.write',
    resource: path,
    detail: `${path} could not be put back: ${why}${where}.`,
    ...place,
    source: 'js',
    undone: false,
    count: 1,
  }
}
