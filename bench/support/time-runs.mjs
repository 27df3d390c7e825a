import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs one command of a project; milliseconds of the whole process, of the test files as Vitest counts them, and of processors in all
 * its processes.
 */
export function timeRun({ folder, node, vitest }, config, environment = {}) {
  const output = join(folder, 'result.json')
  const start = performance.now()
  const processorBefore = processorMs()
  const args = [vitest, 'run', '--config', config, '--reporter', 'json', '--outputFile', output]
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  const wholeMs = performance.now() - start
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'))
  if (status !== 0) {
    const failures = testResults.flatMap(({ message, assertionResults }) => [
      message,
      ...assertionResults.flatMap(({ failureMessages }) => failureMessages),
    ])
    throw new Error(`vitest ended with ${status} (${config}):\n${stdout}\n${stderr}\n${failures.join('\n')}`)
  }
  const filesMs = testResults.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0)
  return { wholeMs, filesMs, processorMs: processorMs() - processorBefore, summary: stderr + stdout }
}

/** The unit in which Linux tells the time of processors. */
const TICK_MS = 10

/** Of all processes that have been started from here and have ended; 0 where the system does not tell. */
function processorMs() {
  if (process.platform !== 'linux') return 0
  const [, rest = ''] = /.*\) (.*)/.exec(readFileSync('/proc/self/stat', 'utf8')) ?? []
  const fields = rest.split(' ')
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS
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
