// The long stress test on each of the given Node binaries, by default on the one that runs this; ends with a table.
//   npm run stress -- /path/to/node22 /path/to/node24 --forks 5000 --seed 1
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    forks: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})
const script = fileURLToPath(new URL('fork-stress.mjs', import.meta.url))
const binaries = positionals.length > 0 ? positionals : [process.execPath]

const rows = binaries.map(node => {
  const began = performance.now()
  const args = [script, '--forks', values.forks, '--seed', values.seed]
  const { status, stdout } = spawnSync(node, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.stdout.write(stdout)
  const version = /^v[\d.]+/.exec(stdout)?.[0] ?? node
  const seconds = Math.round((performance.now() - began) / 1000)
  return {
    node: version,
    forks: values.forks,
    seed: values.seed,
    seconds,
    ended: status === 0 ? 'well' : 'badly',
  }
})
console.table(rows)
process.exitCode = rows.every(({ ended }) => ended === 'well') ? 0 : 1
