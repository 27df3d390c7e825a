import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../support/targets.ts'
import { readDocs } from './read-docs.ts'

const pages = readDocs()

/** The names of a page's headings in links, as code hosts make them. */
function anchorsOf(text: string): string[] {
  const headings = withoutCode(text).matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function withoutCode(text: string): string {
  return text
    .replaceAll(/^( *)```[\s\S]*?^\1```/gm, '')
    .replaceAll(/`[^`\n]*`/g, code => code.replaceAll(/[[\]]/g, ''))
}

test.each(pages)('every link of $path leads somewhere', ({ path, text }) => {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  const broken = links.filter(link => {
    if (/^https?:/.test(link)) return false
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    if (anchor === undefined) return !existsSync(join(repositoryRoot, target))
    const page = pages.find(each => each.path === target)
    return page === undefined || !anchorsOf(page.text).includes(anchor)
  })
  expect(broken).toEqual([])
})

test('the index leads to every page', () => {
  const index = pages.find(({ path }) => path === 'docs/README.md')?.text ?? ''
  const missing = pages
    .map(({ path }) => path.replace('docs/', ''))
    .filter(path => path !== 'README.md' && !path.startsWith('examples/') && !index.includes(`](${path})`))
  expect(missing).toEqual([])
})
