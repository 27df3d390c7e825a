// Writes into the documentation what is generated from tests: npm run docs. With --check it changes nothing, and fails where the
// documentation is not what it would be.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeKinds } from '../test/kinds/describe-kinds.mjs'

const path = process.argv.slice(2).find(each => !each.startsWith('--'))
const file = path ?? fileURLToPath(new URL('../docs/heap-engine.md', import.meta.url))
const [BEGIN, END] = ['<!-- kinds: written by npm run docs -->', '<!-- kinds: end -->']
const HEAD = '| state | change | heap engine |\n|---|---|---|'

const text = readFileSync(file, 'utf8')
const [before, rest] = text.split(BEGIN)
const after = rest?.split(END)[1]
if (after === undefined) throw new Error(`${file} has no place for the table of kinds`)
const wanted = `${before}${BEGIN}\n${HEAD}\n${describeKinds()}\n${END}${after}`

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (text !== wanted) {
  console.error('the table of kinds in docs/heap-engine.md is not that of the tests: run npm run docs')
  process.exitCode = 1
}
