import { join } from 'node:path'
import ts from 'typescript'
import { repositoryRoot } from '../support/targets.ts'
import type { Block } from './code-blocks.ts'

const fromRoot = (path: string): string => join(repositoryRoot, path)

/** Where pages are said to be: below the packages that they import. */
const PAGES = fromRoot('pages')

/** Packages of recipes that are not installed: what is imported of them may be anything. */
const NOT_INSTALLED = `
declare module 'knex' { const knex: any; namespace knex { type Knex = any } export default knex; export type Knex = any }
declare module '@prisma/adapter-better-sqlite3'
declare module 'jest-environment-jsdom'
declare module '@fast-check/vitest' {
  import * as fc from 'fast-check'
  export { fc }
  export const test: { prop<T>(of: [fc.Arbitrary<T>]): (name: string, body: (value: T) => unknown) => void }
}
`

/** Files of the reader's own that blocks import, by the end of their path. */
const OF_THE_READER: Readonly<Record<string, string>> = {
  '/generated/prisma/client.ts': 'export type PrismaClient = any; export const PrismaClient: any = null',
  '/templates.ts': 'export {}',
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [fromRoot('node_modules/@types')],
  paths: {
    forkpoint: [fromRoot('src/index.ts')],
    'forkpoint/adapter': [fromRoot('src/adapter.ts')],
    'forkpoint/jest': [fromRoot('plugin-jest/environment.ts')],
    'forkpoint/vitest': [fromRoot('plugin-vitest/index.ts')],
  },
}

/** What is wrong with blocks, as `docs/guide.md:15: message`: all in one program, each page in a folder of its own. */
export function checkTypes(blocks: readonly Block[]): string[] {
  const written = new Map(
    blocks
      .filter(block => block.language === 'ts' || 'types' in block.words)
      .map(block => [pathOf(block), block]),
  )
  const strangers = fromRoot('test/docs/not-installed.d.ts')
  const textOf = (path: string): string | undefined => {
    if (path === strangers) return NOT_INSTALLED
    const own = Object.keys(OF_THE_READER).find(end => path.endsWith(end) && path.startsWith(PAGES))
    if (own !== undefined) return OF_THE_READER[own]
    const block = written.get(path)
    return block && `${givenOf(block)}\n${block.code}`
  }
  const host = ts.createCompilerHost(OPTIONS)
  const { fileExists, readFile } = host
  const program = ts.createProgram([strangers, ...written.keys()], OPTIONS, {
    ...host,
    // Folders of pages are nowhere on the disk.
    directoryExists: () => true,
    fileExists: path => textOf(path) !== undefined || fileExists(path),
    readFile: path => textOf(path) ?? readFile(path),
    getSourceFile: (path, version) => {
      const text = textOf(path) ?? readFile(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, version, true)
    },
  })
  return [...written].flatMap(([path, { place }]) => {
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start = 0 }) => {
        const line = file?.getLineAndCharacterOfPosition(start).line
        return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')} (line ${line})`
      },
    )
  })
}

/** A line of a configuration may go without the import that everybody knows. */
function givenOf({ given, code }: Block): string {
  const isPart = code.includes('forkpoint(') && !`${given}${code}`.includes('import forkpoint ')
  return isPart ? `import forkpoint from 'forkpoint/vitest'\n${given}` : given
}

/** Beside the others of its page; those without a name by their place. */
function pathOf({ place, page, words }: Block): string {
  const name = words.file ?? `block-${place.split(':')[1]}.ts`
  return join(PAGES, page.replaceAll(/\W/g, '-'), name)
}
