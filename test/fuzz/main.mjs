// The programs of a JSON file, with the engine of this process.
import { readFileSync } from 'node:fs'
import { begin } from './interpret.mjs'
import { runPrograms } from './run-programs.mjs'
import * as state from './state.mjs'

begin(state)
await runPrograms(JSON.parse(readFileSync(process.argv[2], 'utf8')))
process.exit(0)
