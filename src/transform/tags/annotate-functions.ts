import MagicString from 'magic-string'
import { type Node, type Program, parseSync } from 'oxc-parser'
import { ForkpointError } from '../../errors.ts'
import type { Exposed } from '../expose-state.ts'
import { afterDirectives } from '../expose-variables.ts'
import { findTarget, type Target } from './find-target.ts'
import { isNature, languageOf, readTags, type Tag } from './read-tags.ts'

export interface AnnotateOptions {
  /** Of the file, for the source map. Its extension says which language it is in. */
  id: string
  /** What the file is called in reports: `src/mail.ts`. */
  label: string
}

/**
 * `annotate()` of the shared state, or, where there is none, `Object()`, which gives back the object that it is given. Without a branch
 * and without a function: coverage would count them.
 */
const ANNOTATE = '[Object(globalThis[Symbol.for("forkpoint.state")]).annotate, Object].find(Boolean)'

/** Whether it is worth while to parse a source. */
export function hasTags(code: string): boolean {
  return code.includes('@rollback')
}

/**
 * Replaces each function that has the JSDoc tag `@rollback nature — why` by one that does the same and is annotated, as by `rollbackSafe`
 * or `hostCall`. A tag that is before no function is told of when the module runs. Lines stay what they are.
 *
 * Expects the source as it was written: what strips types strips comments too.
 *
 * @returns null where there is no tag
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for a tag without a reason, and in a file that can't be parsed
 */
export function annotateFunctions(
  code: string,
  { id, label }: AnnotateOptions,
): Omit<Exposed, 'inserted'> | null {
  const lang = languageOf(label)
  if (!hasTags(code) || lang === null || lang === undefined) return null
  const { program, comments, errors } = parseSync(label, code, { lang, astType: 'ts' })
  const tags = readTags(code, comments, label)
  if (tags.length === 0) return null
  const [error] = errors.filter(({ severity }) => severity === 'Error')
  if (error !== undefined) throw notParsed(tags, error.message)

  const output = new MagicString(code)
  for (const tag of tags) apply(tag, program, output)
  const { sources, names, mappings } = output.generateMap({ source: id, hires: 'boundary' })
  return { code: output.toString(), map: { version: 3, sources, names, mappings } }
}

function apply(tag: Tag, program: Program, output: MagicString): void {
  const target: Target = isNature(tag.nature)
    ? findTarget(program, tag.next)
    : {
        kind: 'none',
        why: `${tag.nature === '' ? 'it names no nature' : `\`${tag.nature}\` is none`}: \`safe\`, \`compensable\` or \`unsafe\``,
      }
  if (target.kind === 'none') {
    insertFirst(
      program,
      output,
      `${ANNOTATE}({}, ${JSON.stringify({ site: tag.site, problem: target.why })});`,
    )
    return
  }
  const { name: call } = target
  const meta = JSON.stringify({ call, nature: tag.nature, why: tag.why })
  switch (target.kind) {
    case 'declaration':
      insertFirst(target.block, output, `${call} = ${ANNOTATE}({ ${call} }, ${meta}).${call};`)
      return
    case 'value': {
      const key = JSON.stringify(target.key)
      const { start, end } = target.node
      output.appendLeft(start, `${ANNOTATE}({ ${key}: `)
      output.appendLeft(end, ` }, ${meta})[${key}]${target.isStatement ? ';' : ''}`)
      return
    }
    case 'method': {
      const key = JSON.stringify(target.key)
      const owner = target.isStatic ? 'this' : 'this.prototype'
      const annotated = `${ANNOTATE}({ ${key}: ${owner}[${key}] }, ${meta})[${key}]`
      output.appendLeft(target.node.end, ` static { ${owner}[${key}] = ${annotated}; }`)
      return
    }
    case 'shorthand': {
      const key = JSON.stringify(target.key)
      output.appendLeft(target.node.start, `${key}: ${ANNOTATE}({ `)
      output.appendLeft(target.node.end, ` }, ${meta})[${key}]`)
      return
    }
  }
}

/** Functions that are declared in a block are there before its first statement. */
function insertFirst(block: Node | Program, output: MagicString, text: string): void {
  if (block.type !== 'Program' && block.type !== 'BlockStatement') return
  const code = output.original
  const start = block.type === 'Program' ? endOfHashbang(code) : block.start + 1
  const { at, separator } = afterDirectives(block as Program, start)
  output.appendLeft(at, `${separator}${text}`)
}

function endOfHashbang(code: string): number {
  return code.startsWith('#!') ? code.search(/\n|$/) + 1 : 0
}

function notParsed(tags: readonly Tag[], why: string): ForkpointError {
  const [{ site } = { site: '' }] = tags
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Failed to read \`@rollback\` at ${site}: the file can't be parsed (${why}). Use \`rollbackSafe()\` or \`hostCall()\` there instead`,
    { path: site },
  )
}
