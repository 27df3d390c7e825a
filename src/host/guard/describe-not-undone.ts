import type { Finding } from '../../finding.ts'
import type { NotUndone } from '../journal/undo.ts'

/** What a finding says of it. */
export function describeNotUndone({
  path,
  why,
  kept,
}: NotUndone): Pick<Finding, 'detail' | 'effect' | 'resource' | 'source' | 'undone'> {
  const where = kept === null ? '' : `; its content before the test is in ${kept}`
  return {
    effect: 'fs.write',
    resource: path,
    detail: `${path} could not be put back: ${why}${where}.`,
    source: 'js',
    undone: false,
  }
}
