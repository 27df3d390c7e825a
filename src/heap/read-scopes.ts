import { Session } from 'node:inspector'

const KEY: unique symbol = Symbol.for('forkpoint.scopes') as never
const PLACE = "globalThis[Symbol.for('forkpoint.scopes')]"

type Holder = { [KEY]?: unknown }

interface RemoteObject {
  objectId?: string
}

interface Properties {
  result: Array<{ name: string; value?: RemoteObject }>
  internalProperties?: Array<{ name: string; value?: RemoteObject }>
}

/**
 * Objects that variables around a function hold, by their names: the inspector shows them where JavaScript does not. It takes some
 * milliseconds. The variables themselves can't be assigned this way.
 *
 * @param names those that are wanted; one that is not found is left out
 */
export function readScopes(around: object, names: readonly string[]): Map<string, object> {
  const session = new Session()
  session.connect()
  const holder = globalThis as Holder
  const ask = (method: string, parameters: object): never => {
    let answer: unknown
    session.post(method, parameters, (_, result) => {
      answer = result
    })
    return answer as never
  }
  const propertiesOf = (objectId: string): Properties =>
    ask('Runtime.getProperties', { objectId, ownProperties: true })
  const found = new Map<string, object>()
  try {
    holder[KEY] = around
    const { result }: { result: RemoteObject } = ask('Runtime.evaluate', { expression: PLACE })
    const internal = propertiesOf(result.objectId ?? '').internalProperties ?? []
    const scopes = internal.find(({ name }) => name === '[[Scopes]]')?.value?.objectId
    for (const scope of scopes === undefined ? [] : propertiesOf(scopes).result) {
      const id = scope.value?.objectId
      // The last one is that of all global variables, which has thousands.
      if (id === undefined || !/^\d+$/.test(scope.name)) continue
      for (const { name, value } of propertiesOf(id).result) {
        if (!names.includes(name) || found.has(name) || value?.objectId === undefined) continue
        const functionDeclaration = `function () { ${PLACE} = this }`
        ask('Runtime.callFunctionOn', { objectId: value.objectId, functionDeclaration })
        found.set(name, holder[KEY] as object)
      }
      if (found.size === names.length) break
    }
  } finally {
    delete holder[KEY]
    session.disconnect()
  }
  return found
}
