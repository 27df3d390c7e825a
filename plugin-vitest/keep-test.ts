import { intrinsics } from 'forkpoint/adapter'
import type { Test } from './internals.ts'

/** Of a repeated test in Vitest 5, which sets the state back. */
type Attempts = Array<{ state: 'pass' | 'fail' }> | undefined

/** Remembers what has become of a test that has ended. The function that comes back makes it that again: Vitest holds on to the objects. */
export function keepTest(test: Test): () => void {
  const { result, meta, annotations, artifacts } = test
  if (result === undefined) throw new TypeError('a test has ended without a result')
  const attempts = (result as { attempts?: Attempts }).attempts?.slice()
  const { errors } = result
  const kept = {
    ...result,
    state: result.state === 'run' ? (attempts?.at(-1)?.state ?? result.state) : result.state,
    duration: intrinsics.dateNow() - (result.startTime ?? 0),
    ...(errors && { errors: [...errors] }),
    ...(attempts && { attempts }),
  }
  const keptMeta = { ...meta }
  const lists = [annotations, artifacts].map(list => [list, [...list]] as const)
  return () => {
    fill(result, kept)
    fill(meta, keptMeta)
    for (const [list, items] of lists) list.splice(0, list.length, ...(items as never[]))
  }
}

function fill(object: object, content: object): void {
  for (const key of Reflect.ownKeys(object)) Reflect.deleteProperty(object, key)
  Object.assign(object, content)
}
