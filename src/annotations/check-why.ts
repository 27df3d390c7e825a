import { ForkpointError } from '../errors.ts'

/** @throws {ForkpointError} `ERR_FORKPOINT_OPTION` where the reason is missing */
export function checkWhy(name: string, options: unknown): void {
  const why = (options as { why?: unknown } | null | undefined)?.why
  if (typeof why === 'string' && why.trim() !== '') return
  throw new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Failed to call \`${name}\`: \`why\` is missing. Say in a few words why this is right, for the next reader`,
    { path: 'why' },
  )
}
