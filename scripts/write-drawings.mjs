// Writes the drawings of the documentation: npm run drawings. With --check it changes nothing, and fails where one is not what it would be.
import { readFileSync, writeFileSync } from 'node:fs'
import { DRAWINGS } from './drawings/drawings.mjs'

for (const [name, wanted] of Object.entries(DRAWINGS)) {
  const file = new URL(`../docs/drawings/${name}.svg`, import.meta.url)
  if (!process.argv.includes('--check')) writeFileSync(file, wanted)
  else if (readFileSync(file, 'utf8') !== wanted) {
    console.error(`docs/drawings/${name}.svg is not what is drawn: run npm run drawings`)
    process.exitCode = 1
  }
}
