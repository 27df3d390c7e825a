import { ForkpointError } from '../../errors.ts'
import type { Finding } from '../../finding.ts'

export type StrictError = ForkpointError

/** The error of a test that made calls which can't be rolled back, with `guard: 'strict'`. */
export function describeStrict(unsafe: readonly Finding[]): StrictError {
  const [first] = unsafe
  const lines = unsafe.map(({ call, resource, site }) => {
    const what = resource === '' || resource === undefined ? `${call}` : `${call} (${resource})`
    return `  ${what}${site === undefined ? '' : ` at ${site}`}`
  })
  const what = unsafe.length === 1 ? "a host call that can't be" : `${unsafe.length} host calls that can't be`
  return new ForkpointError(
    'ERR_FORKPOINT_HOST_CALL',
    `The test made ${what} rolled back:\n${lines.join('\n')}\n` +
      `Mark what is safe with \`rollbackSafe(fn, { why })\` or a rule, or set \`guard: 'warn'\`.`,
    first?.call === undefined ? {} : { path: first.call },
  )
}
