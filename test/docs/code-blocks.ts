import { basename, dirname, join } from 'node:path'
import { readDocs } from './read-docs.ts'

/** A fenced block of code on a page. After the language stand words: `file=NAME`, `from=PATH`, `signature`. */
export interface Block {
  /** `docs/guide.md:15` */
  readonly place: string
  readonly page: string
  readonly language: string
  readonly words: Readonly<Record<string, string>>
  /** What the reader is spared: it stands in a comment before the block, and comes first. */
  readonly given: string
  readonly code: string
}

const FENCE = /(?:<!-- given\n([\s\S]*?)\n-->\n+)?^( *)```(\w+)([^\n]*)\n([\s\S]*?)^\2```$/gm

/** Every block of code in the documentation. */
export function readBlocks(): Block[] {
  return readDocs().flatMap(({ path, text }) =>
    [...text.matchAll(FENCE)].map(match => {
      const [whole, given = '', indent = '', language = '', words = '', code = ''] = match
      const before = text.slice(0, match.index + whole.indexOf('```'))
      return {
        place: `${path}:${before.split('\n').length}`,
        page: path,
        language,
        words: Object.fromEntries(words.split(' ').filter(Boolean).map(readWord)),
        given,
        code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }
    }),
  )
}

function readWord(word: string): [name: string, value: string] {
  const [name = '', ...value] = word.split('=')
  return [name, value.join('=')]
}

/** What is done with a block. Each is one of these, or a test fails. */
export type Use = 'output' | 'signature' | 'shell' | 'excerpt' | 'file' | 'types' | 'unknown'

export function useOf({ language, words }: Block): Use {
  if (language === 'text') return 'output'
  if (language === 'sh') return 'shell'
  if (language !== 'ts' && language !== 'js') return 'unknown'
  if ('signature' in words) return 'signature'
  if ('from' in words) return 'excerpt'
  if ('file' in words) return 'file'
  return language === 'ts' || 'types' in words ? 'types' : 'unknown'
}

/** Files of a page, by their paths in a project that has a folder for each page. */
export function filesOf(blocks: readonly Block[]): Record<string, string> {
  const files = blocks.filter(block => useOf(block) === 'file')
  return Object.fromEntries(
    files.map(({ page, words, given, code }) => [
      join(folderOf(page), words.file ?? ''),
      `${given}\n${code}`,
    ]),
  )
}

function folderOf(page: string): string {
  return join(dirname(page), basename(page, '.md'))
}
