import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'

/** Writes a benchmark's rows, with the machine and the date, to bench/out/. */
export function writeResult(name, rows) {
  const folder = new URL('../out/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release(), node: process.version }
  const file = new URL(`${name}.json`, folder)
  writeFileSync(file, `${JSON.stringify({ name, date: new Date().toISOString(), machine, rows }, null, 2)}\n`)
  console.table(rows)
}
