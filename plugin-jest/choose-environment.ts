import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const OWN = fileURLToPath(new URL('./jest.mjs', import.meta.url))

/** Stands in for the environment that a project has named. */
export const ANY_ENVIRONMENT: string = fileURLToPath(new URL('./jest-any-environment.mjs', import.meta.url))

/** What Node can load by itself; Jest transforms others. */
const LOADABLE = new Set(['.js', '.cjs', '.mjs'])

/** Whether a project's environment rolls back: `own`, by itself; `any`, if another is put in its place; or `never`. */
export function chooseEnvironment(path: string): 'own' | 'any' | 'never' {
  if (path === OWN || isMadeWithForkpoint(path)) return 'own'
  return LOADABLE.has(extname(path)) ? 'any' : 'never'
}

function isMadeWithForkpoint(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes('withForkpoint')
  } catch {
    // Jest will say what is wrong with it.
    return true
  }
}
