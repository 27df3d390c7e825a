import type * as crypto from 'node:crypto'

/** Node's own part that makes random values ahead, by its name in the list of what is loaded. */
const SOURCE = 'NativeModule internal/crypto/random'

/** As many as Node has ahead at most, the same from Node 20 to 26: 128 identifiers, and 6 KiB for integers of 6 bytes. */
const UUIDS_AHEAD = 128
const INTEGERS_AHEAD = 1024

/** As they were before user code, where that did not load them first: a test may replace what Node's modules export. */
let source = findSource()

/**
 * Uses up the random values that Node has made ahead: every child would hand out the same ones. Where nothing has asked for
 * any, the module is not even loaded.
 */
export function dropRandomAhead(): void {
  source ??= findSource()
  if (source === null) return
  const { randomInt, randomUUID } = source
  for (let i = 0; i < UUIDS_AHEAD; i++) randomUUID()
  for (let i = 0; i < INTEGERS_AHEAD; i++) randomInt(2)
}

function findSource(): Pick<typeof crypto, 'randomInt' | 'randomUUID'> | null {
  // Node's own list, which it does not document: without it, the module counts as loaded.
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] }
  if (moduleLoadList !== undefined && !moduleLoadList.includes(SOURCE)) return null
  const { randomInt, randomUUID } = process.getBuiltinModule('node:crypto')
  return { randomInt, randomUUID }
}
