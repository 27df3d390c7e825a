import MagicString from 'magic-string'
import { parseSync } from 'oxc-parser'
import { analyseScopes } from './analyse-scopes.ts'
import { CellCode } from './cell-code.ts'
import { exposeClasses, exposeInstances } from './expose-fields.ts'
import { afterDirectives, exposeCalls, exposeModule } from './expose-variables.ts'
import { Insertions } from './insertions.ts'
import type { Inserted } from './shift-mappings.ts'

export interface ExposeOptions {
  /** Of the file, for the source map. */
  id: string
  /** What the module is called in access paths: `src/cache.ts`. */
  label: string
  sourceType?: 'module' | 'commonjs' | 'script'
  /** Names of variables that other tools have put into the code: they are not registered, nor what is in functions so named. */
  foreign?: RegExp
  /** Whether to mark what is added as nothing that coverage by V8 should count. */
  forCoverage?: boolean
}

const IGNORED = '/* v8 ignore next */'

export interface SourceMap {
  version: 3
  sources: string[]
  names: string[]
  mappings: string
}

export interface Exposed {
  code: string
  /** To be composed with the map that came with the code. */
  map: SourceMap
  /** What was put into the code, for tools that know it without. */
  inserted: Inserted
}

/**
 * Makes the variables and private fields of a module reachable from outside: its code registers them with the `Cells` of the
 * shared state, where there is one. What the code does stays the same, and so do its lines.
 *
 * Expects JavaScript without JSX: TypeScript and the like must have been transformed already.
 *
 * @returns null where there is nothing to expose, or the code can't be parsed
 */
export function exposeState(
  code: string,
  { id, label, sourceType = 'module', foreign, forCoverage = false }: ExposeOptions,
): Exposed | null {
  const { program, errors } = parseSync(id, code, { sourceType, lang: 'js', astType: 'js' })
  if (errors.some(({ severity }) => severity === 'Error')) return null
  const analysis = analyseScopes(program, foreign)
  const [module, ...inner] = analysis.scopes
  const global = ['globalThis', 'global'].find(name => !module?.bindings.has(name))
  if (module === undefined || global === undefined) return null

  const cells = new CellCode(code, label, global, forCoverage ? IGNORED : '')
  const insertions = new Insertions()
  for (const scope of inner) exposeCalls(scope, code, cells, insertions)
  exposeClasses(analysis, cells, insertions)
  exposeInstances(analysis, cells, insertions)
  const ofModule = exposeModule(module, cells)
  if (insertions.isEmpty && ofModule === '') return null

  const { at, separator } = afterDirectives(program, endOfHashbang(code))
  insertions.begin({ start: -1, end: code.length }, at, `${separator}${cells.prologue()}${ofModule}`)
  const output = new MagicString(code)
  insertions.applyTo(output)
  const { sources, names, mappings } = output.generateMap({ source: id, hires: 'boundary' })
  return {
    code: output.toString(),
    map: { version: 3, sources, names, mappings },
    inserted: insertions.list(),
  }
}

function endOfHashbang(code: string): number {
  return code.startsWith('#!') ? code.search(/\n|$/) + 1 : 0
}
