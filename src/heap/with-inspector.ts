import { Session } from 'node:inspector'

const KEY: unique symbol = Symbol.for('forkpoint.inspected') as never
const PLACE = "globalThis[Symbol.for('forkpoint.inspected')]"

/** A value as the inspector refers to it; with no id, a primitive. */
export interface RemoteValue {
  readonly objectId?: string
}

export interface RemoteProperty {
  readonly name: string
  readonly value?: RemoteValue
}

export interface RemoteProperties {
  readonly result: readonly RemoteProperty[]
  readonly internalProperties?: readonly RemoteProperty[]
}

/** The inspector of this thread, which shows what JavaScript does not, and answers at once. */
export interface Inspector {
  /** How the inspector refers to an object. */
  refer(object: object): string
  propertiesOf(objectId: string): RemoteProperties
  /** The objects that it refers to by these. */
  resolve(objectIds: readonly string[]): readonly object[]
}

/** Attaches the inspector while `use` runs: about a millisecond. */
export function withInspector<Result>(use: (inspector: Inspector) => Result): Result {
  const session = new Session()
  session.connect()
  const holder = globalThis as { [KEY]?: unknown }
  const ask = (method: string, parameters: object): never => {
    let answer: unknown
    session.post(method, parameters, (_, result) => {
      answer = result
    })
    return answer as never
  }
  try {
    return use({
      refer(object) {
        holder[KEY] = object
        const { result }: { result: RemoteValue } = ask('Runtime.evaluate', { expression: PLACE })
        return result.objectId ?? ''
      },
      propertiesOf: objectId => ask('Runtime.getProperties', { objectId, ownProperties: true }),
      resolve(objectIds) {
        const [first] = objectIds
        if (first === undefined) return []
        const functionDeclaration = `function (...all) { ${PLACE} = all }`
        const all = objectIds.map(objectId => ({ objectId }))
        ask('Runtime.callFunctionOn', { objectId: first, functionDeclaration, arguments: all })
        return holder[KEY] as object[]
      },
    })
  } finally {
    delete holder[KEY]
    session.disconnect()
  }
}
