import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { ForkpointError } from 'forkpoint/adapter'

const own = createRequire(import.meta.url)

/** The file by which jest-runner was loaded into this process: what is found from there is of the Jest that runs. */
const RUNNER = /[\\/]jest-runner[\\/]build[\\/](?:index|testWorker|runTest)\.js$/

/** Places to look from, the likeliest first: a package manager may put nothing where it was not asked for. */
function* places(): Generator<NodeJS.Require> {
  const loaded = Object.keys(own.cache).find(file => RUNNER.test(file))
  if (loaded !== undefined) yield createRequire(loaded)
  yield own
  const [, main] = process.argv
  if (main !== undefined) yield createRequire(main)
}

/** Loads a module of the Jest that runs; null when it can't be found. */
export function findJestModule(name: string): unknown {
  for (const require of places()) {
    try {
      return require(name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  return null
}

/** @throws {ForkpointError} `ERR_FORKPOINT_CONFIG` when it can't be found */
export function loadJestModule(name: string): object {
  const found = findJestModule(name)
  if (found !== null) return found as object
  throw new ForkpointError(
    'ERR_FORKPOINT_CONFIG',
    `Failed to find ${name}, which comes with Jest, from ${dirname(process.argv[1] ?? '')}. ` +
      'Add it to your devDependencies, in the version of Jest.',
  )
}

/** @param what the private part that is not where it was in every version seen so far */
export function missing(what: string): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_CONFIG',
    `This version of Jest keeps its state differently: ${what} is missing. ` +
      "Set `engine: 'off'` in the options of forkpoint, and report it with the version of Jest.",
  )
}
