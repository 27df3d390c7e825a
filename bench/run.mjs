// npm run bench -- NAME [--rounds N] [--only PART] [--files N]: runs one benchmark, prints its table, and writes bench/out/NAME.json.
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { writeResult } from './support/result.mjs'

const names = readdirSync(new URL('./benches/', import.meta.url)).map(file => file.replace('.mjs', ''))
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, only: { type: 'string' }, files: { type: 'string' } },
})
const [name] = positionals
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`)
  process.exit(2)
}
const { run } = await import(`./benches/${name}.mjs`)
const { rounds = 5, only, files } = values
writeResult(name, await run({ rounds: Number(rounds), only, files: files && Number(files) }))
