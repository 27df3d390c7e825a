import { withInspector } from '../../with-inspector.ts'
import { weakMapGet, weakMapSet } from '../uncurried.ts'

/** Generators that have ended: they stay so. */
const ended = new WeakMap<object, true>()

/**
 * Those that could still go on. Compilers write asynchronous functions for old targets with generators, and what such calls
 * leave until it is collected has ended. The inspector is asked, some 70 µs for each, once: it runs no user code.
 */
export function listUnended(generators: readonly object[]): object[] {
  const unknown = generators.filter(generator => weakMapGet(ended, generator) === undefined)
  if (unknown.length === 0) return []
  return withInspector(({ refer, propertiesOf }) => {
    const live: object[] = []
    for (const { name, value } of propertiesOf(refer(unknown)).result) {
      const generator = unknown[Number(name)]
      if (generator === undefined || value?.objectId === undefined) continue
      const { internalProperties = [] } = propertiesOf(value.objectId)
      const state = internalProperties.find(({ name }) => name === '[[GeneratorState]]')?.value?.value
      if (state === 'closed') weakMapSet(ended, generator, true)
      else live.push(generator)
    }
    return live
  })
}
