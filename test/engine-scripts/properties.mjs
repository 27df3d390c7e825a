// Properties over code that changes state, each run from a checkpoint.
import fc from 'fast-check'
import { checkpoint } from 'forkpoint'
import { runScenario } from './scenario.mjs'

const shelf = { items: ['tea'], sold: 0 }

await runScenario({
  /** What the runs saw first, and what is left. */
  async passing() {
    const point = await checkpoint()
    const seen = new Set()
    const property = fc.asyncProperty(fc.array(fc.string()), async items => {
      const found = await point.run(() => {
        const before = JSON.stringify(shelf)
        shelf.items.push(...items)
        shelf.sold++
        return before
      })
      seen.add(found)
    })
    await fc.assert(property, { numRuns: 20, seed: 7 })
    return { seen: [...seen], left: shelf }
  },

  /** The smallest value that fails is found only if no run sees what another has done. */
  async failing() {
    const point = await checkpoint()
    const property = fc.asyncProperty(fc.nat(100), size =>
      point.run(() => {
        shelf.sold += size
        if (shelf.sold > 10) throw new RangeError('sold out')
      }),
    )
    const { counterexample, errorInstance } = await fc.check(property, { numRuns: 50, seed: 7 })
    return { counterexample, message: errorInstance?.message, left: shelf }
  },
})
