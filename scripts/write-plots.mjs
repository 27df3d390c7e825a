// Draws what was measured: npm run plots. Takes what `npm run bench` has left in bench/out, keeps it in docs/plots, and draws that. With
// --check it changes nothing, and fails where a plot is not that of the figures beside it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CHARTS } from './plots/charts.mjs'
import { drawBars } from './plots/draw-bars.mjs'

const pathOf = (folder, file) => fileURLToPath(new URL(`../${folder}/${file}`, import.meta.url))
const isCheck = process.argv.includes('--check')

for (const [name, toChart] of Object.entries(CHARTS)) {
  const [measured, kept, drawn] = [
    pathOf('bench/out', `${name}.json`),
    pathOf('docs/plots', `${name}.json`),
    pathOf('docs/plots', `${name}.svg`),
  ]
  if (!isCheck && existsSync(measured)) writeFileSync(kept, keep(JSON.parse(readFileSync(measured, 'utf8'))))
  const { machine, date, rows } = JSON.parse(readFileSync(kept, 'utf8'))
  const where = `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node.slice(1)}; ${date.slice(0, 10)}`
  const wanted = drawBars({ ...toChart(rows), where })
  if (!isCheck) writeFileSync(drawn, wanted)
  else if (readFileSync(drawn, 'utf8') !== wanted) {
    console.error(`docs/plots/${name}.svg is not the plot of docs/plots/${name}.json: run npm run plots`)
    process.exitCode = 1
  }
}

/** Without what was printed, and the name that somebody gave their kernel. */
function keep({ rows, machine, ...rest }) {
  const head = { ...rest, machine: { ...machine, kernel: machine.kernel.split('-')[0] } }
  const figures = rows.map(({ summary: _, ...row }) => row)
  return `${JSON.stringify({ ...head, rows: figures }, null, 2)}\n`
}
