import { readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { findPackage } from './resolve-preload.ts'

/** Of fewer files nothing is guessed, and of more not all are read. */
const LEAST_FILES = 4
const MOST_FILES = 500

/** What is imported by fewer of them is left to them. */
const LEAST_SHARE = 0.5

/** An import that is no type's, at the beginning of a line. */
const IMPORT = /^[ \t]*import\s+(?!type\b)(?:[\w$*{},\s]+?\sfrom\s*)?(['"])([^'".#][^'"]*)\1/gm

/**
 * Addresses of the packages that most test files of a project import by themselves, as their sources say: for a project whose files have
 * not run yet.
 */
export async function guessPreload(project: TestProject): Promise<string[]> {
  const paths = project.vitest.state.getPaths().filter(path => project.matchesTestGlob(path))
  if (paths.length < LEAST_FILES) return []
  const read = paths.slice(0, MOST_FILES)
  const counts = new Map<string, number>()
  for (const path of read) for (const name of findImports(path)) counts.set(name, (counts.get(name) ?? 0) + 1)
  const usual = [...counts].filter(([, count]) => count >= read.length * LEAST_SHARE).map(([name]) => name)
  const found = await Promise.all(usual.map(name => findPackage(project, name).catch(() => null)))
  return [...new Set(found.filter(url => url !== null))]
}

/** What a file's source imports of packages; nothing where it can't be read. */
export function findImports(path: string): Set<string> {
  try {
    const source = readFileSync(path, 'utf8')
    return new Set([...source.matchAll(IMPORT)].map(([, , name = '']) => name))
  } catch {
    return new Set()
  }
}
