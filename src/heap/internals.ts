import { type RemoteProperty, withInspector } from '../with-inspector.ts'
import { isArray, isObject, weakMapGet, weakMapSet } from './uncurried.ts'

/** How one gets from an object to another that no property leads to, as a reader would write it. */
export type Internal = readonly [step: string, value: object]

/** What the inspector calls it, and what a reader would. */
const STEPS: ReadonlyMap<string, string> = new Map([
  ['[[PromiseResult]]', ' (value)'],
  ['[[TargetFunction]]', ' (bound function)'],
  ['[[BoundThis]]', ' (bound this)'],
  ['[[BoundArgs]]', ' (bound arguments)'],
])

/** Neither a settled promise nor a bound function ever changes: each is asked for once. */
const known = new WeakMap<object, unknown>()

/** What `learnInternals` has found. */
export function internalsOf(object: object): readonly Internal[] {
  return (weakMapGet(known, object) as readonly Internal[] | undefined) ?? []
}

/**
 * Has the inspector show what settled promises and bound functions lead to: some 70 µs for each, once. Runs no user code.
 */
export function learnInternals(objects: readonly object[]): void {
  const unknown = objects.filter(object => weakMapGet(known, object) === undefined)
  if (unknown.length === 0) return
  withInspector(({ refer, propertiesOf, resolve }) => {
    const found: Array<{ of: object; step: string; objectId: string }> = []
    const elements = propertiesOf(refer(unknown)).result
    for (const { name, value } of elements) {
      const of = unknown[Number(name)]
      if (of === undefined || value?.objectId === undefined) continue
      weakMapSet(known, of, [])
      const { internalProperties = [] } = propertiesOf(value.objectId)
      for (const { step, objectId } of internalProperties.flatMap(stepsOf)) found.push({ of, step, objectId })
    }
    const values = resolve(found.map(({ objectId }) => objectId))
    for (const [i, { of, step }] of found.entries()) {
      const value = values[i]
      // The list of bound arguments is a copy, made for us.
      const shown = step === ' (bound arguments)' && isArray(value) ? value.filter(isObject) : [value]
      const more = shown.flatMap((each): Internal[] => (isObject(each) ? [[step, each]] : []))
      weakMapSet(known, of, [...internalsOf(of), ...more])
    }
  })
}

function stepsOf({ name, value }: RemoteProperty): Array<{ step: string; objectId: string }> {
  const step = STEPS.get(name)
  return step === undefined || value?.objectId === undefined ? [] : [{ step, objectId: value.objectId }]
}
