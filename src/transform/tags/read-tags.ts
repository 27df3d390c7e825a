import type { Comment, parseSync } from 'oxc-parser'
import { ForkpointError } from '../../errors.ts'

export type TagNature = 'safe' | 'compensable' | 'unsafe'

/** `@rollback nature — why`, as it stands in a JSDoc comment. */
export interface Tag {
  /** What was written after `@rollback`; one of `TagNature`, or a word that says nothing. */
  nature: string
  why: string
  /** `path:line` */
  site: string
  /** Where the code begins that comes after the comment. */
  next: number
}

const NATURES: ReadonlySet<string> = new Set<TagNature>(['safe', 'compensable', 'unsafe'])

export function isNature(word: string): word is TagNature {
  return NATURES.has(word)
}

/**
 * The tags in the comments of a source.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for one without a reason, naming file and line
 */
export function readTags(code: string, comments: readonly Comment[], label: string): Tag[] {
  return comments.flatMap(comment => readTag(code, comment, comments, label) ?? [])
}

function readTag(code: string, comment: Comment, all: readonly Comment[], label: string): Tag | null {
  const { type, value, start, end } = comment
  if (type !== 'Block' || !value.startsWith('*')) return null
  const lines = value.split('\n').map(line => line.replace(/^\s*\*?\s*/, '').trimEnd())
  const at = lines.findIndex(line => /^@rollback(\s|$)/.test(line))
  if (at < 0) return null
  const rest = lines.slice(at + 1)
  const further = rest.findIndex(line => line.startsWith('@'))
  const text = [lines[at], ...(further < 0 ? rest : rest.slice(0, further))].join(' ').trim()
  const [, nature = '', why = ''] = /^@rollback\s*(\w*)\s*(?:[—–:]|-+)?\s*(.*)$/.exec(text) ?? []
  const site = `${label}:${code.slice(0, start).split('\n').length + at}`
  if (isNature(nature) && why === '') throw missingWhy(nature, site)
  return { nature, why, site, next: nextToken(code, end, all) }
}

function missingWhy(nature: string, site: string): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Failed to read \`@rollback ${nature}\` at ${site}: the reason is missing. Say in a few words why this is right, for the ` +
      `next reader: \`@rollback ${nature} — why\``,
    { path: site },
  )
}

function nextToken(code: string, from: number, comments: readonly Comment[]): number {
  let at = from
  for (;;) {
    while (/\s/.test(code.charAt(at))) at++
    const comment = comments.find(({ start }) => start === at)
    if (comment === undefined) return at
    at = comment.end
  }
}

/** Of a file's name: which language it is in; null for none that is read. */
export function languageOf(path: string): NonNullable<Parameters<typeof parseSync>[2]>['lang'] | null {
  const [, extension] = /\.([cm]?[jt]s|[jt]sx)$/.exec(path) ?? []
  if (extension === undefined) return null
  if (extension === 'tsx') return 'tsx'
  return extension.endsWith('ts') ? 'ts' : 'jsx'
}
