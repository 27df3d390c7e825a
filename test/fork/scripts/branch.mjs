// What the engine's JavaScript does around the addon, at its smallest: for scripts that test the addon alone.
import { createRequire } from 'node:module'

const path = `../../../prebuilds/${process.platform}-${process.arch}/forkpoint.node`
export const addon = createRequire(import.meta.url)(process.env.FORKPOINT_ADDON ?? path)

/** Runs `body` in a child; says how the child ended and, as `value`, what the body returned (through JSON). */
export async function branch(body, { deadlineMs = 30000, neutralise = [], resetCondvars = false } = {}) {
  await new Promise(resolve => setImmediate(resolve))
  const [pid, fd, orders] = addon.fork(resetCondvars, neutralise, [])
  addon.close(orders)
  if (pid === 0) await runInChild(body, fd)
  const [status, timedOut, result] = collectAndReap(pid, fd, deadlineMs)
  const text = result.toString()
  return { signal: status & 127, code: status >> 8, timedOut, ...(text && { value: JSON.parse(text) }) }
}

/** A child that has closed its result pipe and stays is killed after a second. */
export function collectAndReap(pid, fd, deadlineMs) {
  const [timedOut, result] = addon.collect(pid, fd, deadlineMs)
  const status = addon.reap(pid, 1000)
  if (status !== null) return [status, timedOut, result]
  addon.kill(pid)
  return [addon.reap(pid, -1), true, result]
}

async function runInChild(body, fd) {
  // Node's own exit waits for threads that the child does not have, and so does an empty event loop.
  process.reallyExit = code => addon.exit(code ?? 0)
  setInterval(() => {}, 1e9)
  const value = await body(fd)
  addon.finish(fd, Buffer.from(value === undefined ? '' : JSON.stringify(value)), 0)
}

/** The script's own main: runs the scenario that the command line names and prints what it returns. */
export async function runScenario(scenarios) {
  const value = await scenarios[process.argv[2]]()
  process.stdout.write(JSON.stringify(value))
}
