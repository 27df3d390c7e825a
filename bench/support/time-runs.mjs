import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs one command of a project; milliseconds of the whole process, and of the test files as Vitest counts them. */
export function timeRun({ folder, node, vitest }, config, environment = {}) {
  const output = join(folder, 'result.json')
  const start = performance.now()
  const args = [vitest, 'run', '--config', config, '--reporter', 'json', '--outputFile', output]
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  const wholeMs = performance.now() - start
  if (status !== 0) throw new Error(`vitest ended with ${status}:\n${stdout}\n${stderr}`)
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'))
  const filesMs = testResults.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0)
  return { wholeMs, filesMs, summary: stderr + stdout }
}

/** Runs each variant in turn, `rounds` times after one warm-up, so that a drift of the machine hits all alike. */
export function timeInTurn(variants, rounds) {
  const times = Object.fromEntries(Object.keys(variants).map(name => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(variants)) {
      const result = run()
      if (round > 0) times[name].push(result)
    }
  }
  return times
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The median of the ratios of runs made one after the other: steadier on a noisy machine than a ratio of medians. */
export function medianRatio(over, under) {
  return median(over.map((value, index) => value / under[index]))
}
