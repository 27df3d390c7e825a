import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ForkpointError } from 'forkpoint/adapter'
import type { TestProject } from 'vitest/node'

/** As Vitest tells packages, which Node imports, from source, which Vitest transforms. */
const OF_PACKAGE = /\/node_modules\//

/**
 * Addresses of the modules that the option `preload` names: as test files import them, whose instances they are to share.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for a module that is not found, or that Vitest transforms
 */
export async function resolvePreload(project: TestProject, preload: readonly string[]): Promise<string[]> {
  return Promise.all(preload.map(specifier => resolveModule(project, specifier)))
}

async function resolveModule(project: TestProject, specifier: string): Promise<string> {
  if (isBuiltin(specifier)) return specifier
  const { root } = project.config
  const found = await project.vite.environments.ssr?.pluginContainer.resolveId(
    specifier,
    join(root, 'test.js'),
  )
  if (!found) throw wrong(specifier, `it can't be found from ${root}`)
  const [path = ''] = found.id.split('?')
  if (!OF_PACKAGE.test(path))
    throw wrong(specifier, 'it is source, which Vitest transforms for each file; packages can be preloaded')
  return pathToFileURL(path).href
}

function wrong(specifier: string, why: string): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Option \`preload\` names '${specifier}': ${why}. Correct it, or leave it out.`,
    { path: 'preload' },
  )
}
