import type { TestFile } from './runner-class.ts'

/** The name by which code asks for forkpoint. */
const PACKAGE = 'forkpoint'

/**
 * Whether some test file, or what is set up before it, asks for forkpoint, itself or through other files of the project: as far
 * as Jest has read their imports. A call made up at run time is not seen.
 */
export function usesForkpoint(tests: readonly TestFile[]): boolean {
  const seen = new Set<string>()
  return tests.some(({ path, context }) =>
    [path, ...context.config.setupFilesAfterEnv].some(file => leadsToForkpoint(file, context, seen)),
  )
}

function leadsToForkpoint(start: string, context: TestFile['context'], seen: Set<string>): boolean {
  const { hasteFS, resolver } = context
  const queue = [start]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const name of hasteFS.getDependencies(file) ?? []) {
      if (name === PACKAGE) return true
      try {
        const path = resolver.resolveModule(file, name)
        if (!path.includes('/node_modules/')) queue.push(path)
      } catch {
        // A module of Node's, or one that is not there: its test will say so.
      }
    }
  }
  return false
}
