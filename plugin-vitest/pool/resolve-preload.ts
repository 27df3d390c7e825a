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
  const found = await resolvePath(project, specifier)
  if (found === null) throw wrong(specifier, `it can't be found from ${project.config.root}`)
  if (!OF_PACKAGE.test(found))
    throw wrong(specifier, 'it is source, which Vitest transforms for each file; packages can be preloaded')
  return pathToFileURL(found).href
}

/** The address of a module of a package; null for one of Node's own, and where it is none or is not found. */
export async function findPackage(project: TestProject, specifier: string): Promise<string | null> {
  if (isBuiltin(specifier)) return null
  const found = await resolvePath(project, specifier)
  return found !== null && OF_PACKAGE.test(found) ? pathToFileURL(found).href : null
}

async function resolvePath({ config, vite }: TestProject, specifier: string): Promise<string | null> {
  const { ssr } = vite.environments
  const found = await ssr?.pluginContainer.resolveId(specifier, join(config.root, 'test.js'))
  return found ? (found.id.split('?')[0] ?? null) : null
}

function wrong(specifier: string, why: string): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Option \`preload\` names '${specifier}': ${why}. Correct it, or leave it out.`,
    { path: 'preload' },
  )
}
