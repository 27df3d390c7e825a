import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ForkpointError } from '../../errors.ts'
import { nearestName } from '../../nearest-name.ts'
import { type FoundRunner, findRunners } from '../find-runners.ts'
import { usageError } from '../parse-arguments.ts'
import type { RunnerKit } from '../runner-kit.ts'

/**
 * The runner of a project: the one that was named, else the one that is installed, else the one that its configuration files or
 * its `test` script name.
 *
 * @throws ForkpointError `ERR_FORKPOINT_CONFIG` when there is none; `ERR_FORKPOINT_OPTION` when it can't be told
 */
export function chooseRunner(
  project: string,
  kits: readonly RunnerKit[],
  { command, wanted }: { command: string; wanted: string | null },
): FoundRunner {
  const found = findRunners(project, kits)
  const names = kits.map(({ name }) => name)
  if (wanted !== null && !names.includes(wanted)) {
    const nearest = nearestName(wanted, names)
    const remedy = nearest
      ? `did you mean \`${nearest}\`?`
      : `there are ${names.map(each => `\`${each}\``).join(', ')}`
    throw usageError(`forkpoint has no plugin for \`${wanted}\``, remedy)
  }
  const candidates = found.filter(({ kit }) => wanted === null || kit.name === wanted)
  const [first, second] = candidates
  if (first === undefined) {
    throw new ForkpointError(
      'ERR_FORKPOINT_CONFIG',
      `Failed to find ${wanted ?? names.join(' or ')} in ${project} or above it; install the packages of the project first`,
    )
  }
  if (second === undefined) return first
  const told = candidates.filter(({ kit }) => isTold(project, kit))
  const [only] = told
  if (told.length === 1 && only !== undefined) return only
  throw usageError(
    `${candidates.map(({ kit }) => kit.name).join(' and ')} are both installed in ${project}`,
    `say which: \`forkpoint ${command} --runner ${first.kit.name}\``,
  )
}

/** Whether the project's own files name it. */
function isTold(project: string, { name, configFiles }: RunnerKit): boolean {
  if (readdirSync(project).some(file => configFiles.test(file))) return true
  try {
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
    return name in manifest || new RegExp(`\\b${name}\\b`).test(manifest.scripts?.test ?? '')
  } catch {
    return false
  }
}
