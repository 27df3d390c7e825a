// node scripts/catalogue/write-calls.mjs NODE...: lists the calls of each of these programs, which are Nodes of different
// versions, and writes them by their nature to src/host/catalogue/calls.json. Needs a Node that runs TypeScript itself.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { classify } from '../../src/host/catalogue/classify.ts'

const lister = new URL('list-calls.mjs', import.meta.url).pathname
const versions = new Map()
for (const program of process.argv.slice(2)) {
  const [major] = execFileSync(program, ['--version'], { encoding: 'utf8' }).slice(1).split('.')
  const names = execFileSync(program, ['--no-warnings', lister], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  for (const name of JSON.parse(names)) versions.set(name, [...(versions.get(name) ?? []), major])
}

const unknown = []
const groups = {}
for (const [name, majors] of [...versions].sort()) {
  const row = classify(name)
  if (row === null) {
    unknown.push(name)
    continue
  }
  const group = `${row.nature} ${row.effect}`
  groups[group] ??= {}
  groups[group][majors.join(' ')] ??= []
  groups[group][majors.join(' ')].push(name)
}
if (unknown.length > 0) {
  console.error(`${unknown.length} calls have no row in src/host/catalogue:\n${unknown.join('\n')}`)
  process.exit(1)
}
const sorted = Object.fromEntries(Object.entries(groups).sort())
for (const group of Object.values(sorted)) {
  for (const majors of Object.keys(group)) group[majors] = group[majors].join(' ')
}
writeFileSync(
  new URL('../../src/host/catalogue/calls.json', import.meta.url),
  `${JSON.stringify(sorted, null, 2)}\n`,
)
console.log(`${versions.size} calls, ${Object.keys(sorted).length} groups`)
