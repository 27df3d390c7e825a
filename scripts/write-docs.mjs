// Writes into the documentation what is generated, from tests and from types: npm run docs. With --check it changes nothing, and fails
// where the documentation is not what it would be. Paths after it are looked at instead of the documentation's own pages.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeKinds } from '../test/kinds/describe-kinds.mjs'
import { describeExports, describeOptions } from './docs/describe-api.mjs'

/** By the page: what stands between its marks, and what it is called. */
const GENERATED = {
  'state-kinds.md': [['kinds', 'the table of kinds', 'the tests', describeKinds]],
  'api.md': [
    ['exports', 'the list of exports', 'the types', describeExports],
    ['options', 'the list of options', 'the types', describeOptions],
  ],
}

const given = process.argv.slice(2).filter(each => !each.startsWith('--'))
const isCheck = process.argv.includes('--check')
const own = Object.keys(GENERATED).map(name => fileURLToPath(new URL(`../docs/${name}`, import.meta.url)))

for (const file of given.length > 0 ? given : own) {
  for (const [mark, what, source, describe] of GENERATED[basename(file)]) {
    const text = readFileSync(file, 'utf8')
    const wanted = replaceMarked(file, text, mark, describe())
    if (!isCheck) writeFileSync(file, wanted)
    else if (text !== wanted) {
      console.error(`${what} in docs/${basename(file)} is not that of ${source}: run npm run docs`)
      process.exitCode = 1
    }
  }
}

function replaceMarked(file, text, mark, content) {
  const [begin, end] = [`<!-- ${mark}: written by npm run docs -->`, `<!-- ${mark}: end -->`]
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${file} has no place for ${mark}`)
  return `${before}${begin}\n${content}\n${end}${after}`
}
