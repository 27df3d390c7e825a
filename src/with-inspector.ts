import { Session } from 'node:inspector'

const KEY: unique symbol = Symbol.for('forkpoint.inspected') as never
const PLACE = "globalThis[Symbol.for('forkpoint.inspected')]"

/** A value as the inspector refers to it; with no id, a primitive. */
export interface RemoteValue {
  readonly type?: string
  readonly objectId?: string
  readonly value?: unknown
  /** Of a number or bigint that JSON has no word for. */
  readonly unserializableValue?: string
  readonly description?: string
}

export interface RemoteProperty {
  readonly name: string
  readonly value?: RemoteValue
}

export interface RemoteProperties {
  readonly result: readonly RemoteProperty[]
  readonly internalProperties?: readonly RemoteProperty[]
  readonly privateProperties?: readonly RemoteProperty[]
}

/** The inspector of this thread, which shows what JavaScript does not, and answers at once. */
export interface Inspector {
  /** How the inspector refers to an object. */
  refer(object: object): string
  propertiesOf(objectId: string): RemoteProperties
  /** The objects that it refers to by these. */
  resolve(objectIds: readonly string[]): readonly object[]
  /** Addresses of the scripts that are loaded, by V8's ids for them: some 20 ms. */
  listScripts(): ReadonlyMap<string, string>
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
      listScripts() {
        const found = new Map<string, string>()
        session.on('Debugger.scriptParsed', ({ params }) => found.set(params.scriptId, params.url))
        ask('Debugger.enable', {})
        ask('Debugger.disable', {})
        return found
      },
    })
  } finally {
    delete holder[KEY]
    session.disconnect()
  }
}
