import { withInspector } from '../with-inspector.ts'

/**
 * Objects that variables around a function hold, by their names: the inspector shows them where JavaScript does not. It takes some
 * milliseconds. The variables themselves can't be assigned this way.
 *
 * @param names those that are wanted; one that is not found is left out
 */
export function readScopes(around: object, names: readonly string[]): Map<string, object> {
  return withInspector(({ refer, propertiesOf, resolve }) => {
    const found = new Map<string, string>()
    const internal = propertiesOf(refer(around)).internalProperties ?? []
    const scopes = internal.find(({ name }) => name === '[[Scopes]]')?.value?.objectId
    for (const scope of scopes === undefined ? [] : propertiesOf(scopes).result) {
      const id = scope.value?.objectId
      // The last one is that of all global variables, which has thousands.
      if (id === undefined || !/^\d+$/.test(scope.name)) continue
      for (const { name, value } of propertiesOf(id).result) {
        if (!names.includes(name) || found.has(name) || value?.objectId === undefined) continue
        found.set(name, value.objectId)
      }
      if (found.size === names.length) break
    }
    const objects = resolve([...found.values()])
    return new Map([...found.keys()].flatMap((name, i) => (objects[i] ? [[name, objects[i]]] : [])))
  })
}
