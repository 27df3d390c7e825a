// What the heap engine's checkpoint and restore cost by the size of the graph and by how much of it was changed, beside copies.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installBench } from '../support/install.mjs'

const SIZES = [1e4, 1e5, 1e6, 3e6]
/** Nanoseconds an object. */
const TARGETS = { restore: 20, checkpoint: 300 }

const round = (value, digits = 1) => Number(value.toFixed(digits))

export function run({ only }) {
  installBench()
  const script = fileURLToPath(new URL('../support/measure-heap.mjs', import.meta.url))
  const register = new URL('../../dist/register.mjs', import.meta.url).href
  const args = ['--max-old-space-size=6000', '--import', register, script]
  return SIZES.filter(size => only === undefined || size === Number(only)).flatMap(size => {
    const measure = log =>
      JSON.parse(
        execFileSync(process.execPath, [...args, String(size)], {
          encoding: 'utf8',
          env: { ...process.env, FORKPOINT: 'heap', FORKPOINT_LOG: log },
        }),
      )
    const { setupMs, fixedMs, takeMs, touchMs, restore, copies } = measure('on')
    const whole = measure('off').restore
    const row = (what, ms, target) => ({
      objects: size,
      what,
      ms: round(ms, 2),
      'ns an object': round((ms * 1e6) / size),
      'of a clean restore': round(ms / restore.nothing, 2),
      ...(target === undefined ? {} : { target, isMet: (ms * 1e6) / size <= target }),
    })
    return [
      row('setup, anew', setupMs),
      row('a look at each', touchMs),
      row('checkpoint', takeMs, TARGETS.checkpoint),
      row('restore without a graph', fixedMs),
      ...Object.entries(restore).map(([changed, ms]) => row(`restore, ${changed} changed`, ms)),
      ...Object.entries(whole).map(([changed, ms]) =>
        row(`restore, ${changed} changed, all compared`, ms, TARGETS.restore),
      ),
      ...Object.entries(copies).map(([name, ms]) => row(name, ms)),
    ]
  })
}
