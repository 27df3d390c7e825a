// Random programs with both engines: the heap engine shows what the fork engine shows, or refuses the program by name.
//   npm run fuzz -- --programs 50000 --seed 1
// Ends with a line of figures. A group that differs is shrunk and printed, with what both engines
// showed, and as data, which --replay takes.
import { parseArgs } from 'node:util'
import { compareEngines } from './compare-engines.mjs'
import { describeProgram } from './describe-program.mjs'
import { groupPrograms, makeProgram } from './make-program.mjs'
import { shrink } from './shrink.mjs'

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    /** Programs of one process. */
    batch: { type: 'string', default: '1000' },
    /** Programs that share a checkpoint. */
    group: { type: 'string', default: '25' },
    /** Of all programs, in percent: with more refusals the rest would prove little. */
    refused: { type: 'string', default: '15' },
    /** Groups that differ, after which it ends. */
    differences: { type: 'string', default: '3' },
    shrink: { type: 'string', default: 'yes' },
    /** One group as data, and nothing else. */
    replay: { type: 'string' },
  },
})

const [programs, first, size] = [options.programs, options.seed, options.batch].map(Number)
const total = options.replay ? 0 : programs
const began = performance.now()
const different = []
let [done, refused] = [0, 0]

for (let at = 0; at < total && different.length < Number(options.differences); at += size) {
  const made = Array.from({ length: Math.min(size, total - at) }, (_, i) => makeProgram(first + at + i))
  const groups = groupPrograms(made, Number(options.group))
  const verdicts = await compareEngines(groups)
  done += verdicts.size
  refused += [...verdicts.values()].filter(({ kind }) => kind === 'refused').length
  for (const group of groups) {
    const verdict = group.map(({ seed }) => verdicts.get(seed)).find(({ kind }) => kind === 'different')
    if (verdict) different.push({ group, why: verdict.why })
  }
}

if (options.replay) different.push({ group: JSON.parse(options.replay), why: null })

for (const { group, why } of different) {
  const small = options.shrink === 'yes' && why !== null ? await shrink(group, why) : group
  console.log(`differs (${why}), from programs with the seeds ${group.map(({ seed }) => seed)}:`)
  for (const program of small) console.log(describeProgram(program))
  const verdicts = await compareEngines([small], { isWhole: true })
  for (const verdict of verdicts.values()) if (verdict.kind === 'different') printDifference(verdict)
  console.log(`again: --replay '${JSON.stringify(small)}'\n`)
}

function printDifference({ fork, heap }) {
  const [a, b] = [fork, heap].map(each =>
    Array.isArray(each) ? each.join('\n').split('\n') : [String(each)],
  )
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) console.log(`  fork: ${a[i]}\n  heap: ${b[i]}`)
    else if (/^[#]?\d+ (before|after|step)/.test(a[i])) console.log(`  ${a[i]}`)
  }
}

const share = Math.round((1000 * refused) / done) / 10
const seconds = Math.round((performance.now() - began) / 100) / 10
console.log(
  `${process.version}: ${done} programs from --seed ${first} on: ${different.length} groups differ, ` +
    `${refused} refused by name (${share} %), ${seconds} s`,
)
process.exitCode = different.length === 0 && share <= Number(options.refused) ? 0 : 1
