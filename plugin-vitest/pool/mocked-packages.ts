import { readFileSync } from 'node:fs'

const MOCK = /\bvi(?:test)?\s*\.\s*(?:mock|doMock|importMock)\s*\(\s*(?:import\s*\(\s*)?(['"`])([^'"`]+)\1/g

/** The packages that a file mocks, by what stands in its source; empty for one that can't be read. */
export function findMockedPackages(path: string): Set<string> {
  try {
    const source = readFileSync(path, 'utf8')
    return new Set([...source.matchAll(MOCK)].map(([, , specifier = '']) => nameIn(specifier)))
  } catch {
    return new Set()
  }
}

/** Of a module's address. */
export function packageOf(url: string): string {
  return nameIn(url.split('/node_modules/').at(-1) ?? url)
}

function nameIn(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}
