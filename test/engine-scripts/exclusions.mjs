// What is left out of a checkpoint: what two runs find of it, and what is left of it afterwards.
import { createRequire } from 'node:module'
import { checkpoint, exclude } from 'forkpoint'
import * as same from './same-module.mjs'
import { errorOf, runScenario } from './scenario.mjs'
import * as stateful from './stateful-module.mjs'

const why = 'for the contract'

async function inTwoRuns(change, read) {
  const point = await checkpoint()
  const run = () => {
    const seen = read()
    change()
    return seen
  }
  return { inside: await point.run(run), again: await point.run(run), outside: read() }
}

await runScenario({
  object() {
    const shared = { entries: [] }
    const both = { entries: [] }
    const left = { log: [], inner: { count: 0 }, shared, map: new Map() }
    const list = []
    exclude(left, { why })
    exclude(list, { why })
    const change = () => {
      list.push(1)
      left.log.push(1)
      left.inner.count++
      left.map.set(left.map.size, 1)
      shared.entries.push(1)
      both.entries.push(1)
    }
    const read = () =>
      [list, left.log, left.inner.count, left.map.size, shared.entries, both.entries].map(
        each => each.length ?? each,
      )
    return inTwoRuns(change, read)
  },

  privateFields() {
    class Pool {
      #size = 0
      grow() {
        return ++this.#size
      }
      get size() {
        return this.#size
      }
    }
    const [left, kept] = [new Pool(), new Pool()]
    exclude(left, { why })
    const change = () => [left.grow(), kept.grow()]
    return inTwoRuns(change, () => [left.size, kept.size])
  },

  /** Something else leads there too. */
  reachedOtherwise() {
    const inner = { count: 0 }
    const left = { inner }
    exclude(left, { why })
    return inTwoRuns(
      () => {
        inner.count++
        left.inner = null
      },
      () => [inner.count, left.inner !== null],
    )
  },

  module() {
    exclude(stateful, { why })
    return inTwoRuns(stateful.raiseTotal, stateful.readTotal)
  },

  requiredModule() {
    const required = createRequire(import.meta.url)('./required-module.cjs')
    exclude(required, { why })
    return inTwoRuns(required.raise, required.read)
  },

  /** Another module has the same under the same name. */
  ambiguous() {
    exclude(same, { why })
    return errorOf(checkpoint().then(point => point.dispose()))
  },
})
