import { withInspector } from '../../with-inspector.ts'

/** Addresses of scripts, by V8's ids for them. */
const addresses = new Map<string, string>()

/**
 * The file in which a function stands, as a path or an address; empty for one of native code, or bound. It takes a millisecond,
 * and some 20 when scripts were loaded since the last time.
 */
export function fileOfFunction(code: object): string {
  return withInspector(({ refer, propertiesOf, listScripts }) => {
    const internal = propertiesOf(refer(code)).internalProperties ?? []
    const location = internal.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value
    const { scriptId } = (location ?? {}) as { scriptId?: string }
    if (scriptId === undefined) return ''
    if (!addresses.has(scriptId)) for (const [id, address] of listScripts()) addresses.set(id, address)
    return addresses.get(scriptId) ?? ''
  })
}
