// State that the heap engine does not see, and what the audit says of it after each of four runs: the second and the fourth change it.
import { checkpoint } from 'forkpoint'
import { runScenario } from './scenario.mjs'

/** Code that is not transformed. */
const evaluate = code => new Function(`return ${code}`)()
const makeCounter = () => evaluate('(() => { let n = 0; return () => ++n })()')

const warnings = []
process.on('warning', ({ code, message }) => code === 'FORKPOINT_AUDIT' && warnings.push(message))

async function tellOf(change) {
  const point = await checkpoint()
  const told = []
  for (const body of [() => {}, change, () => {}, change]) {
    await point.run(async () => void (await body()))
    await new Promise(resolve => setImmediate(resolve))
    told.push(warnings.splice(0))
  }
  await point.dispose()
  return told
}

const kinds = {
  closure() {
    const next = makeCounter()
    return tellOf(() => next())
  },

  sharedClosure() {
    const pair = evaluate(
      '(() => { let n = 1n, last; return { next: () => ++n, peek: () => n, keep: v => { last = v } } })()',
    )
    return tellOf(() => {
      pair.next()
      pair.keep(new Map())
    })
  },

  behindClosure() {
    const add = evaluate('(() => { const kept = { list: [] }; return value => kept.list.push(value) })()')
    return tellOf(() => add('tea'))
  },

  privateFields() {
    const Box = evaluate(
      '(class Box { #value = 1; static #made = 0; set(value) { this.#value = value; Box.#made++ } })',
    )
    const box = new Box()
    return tellOf(() => box.set(-0))
  },

  boundFunction() {
    const bound = makeCounter().bind(null)
    return tellOf(() => bound())
  },

  promise() {
    const promise = Promise.resolve(makeCounter())
    return tellOf(async () => (await promise)())
  },

  weakMap() {
    const key = {}
    const map = new WeakMap([[key, makeCounter()]])
    return tellOf(() => map.get(key)())
  },

  /** A collection that only a closure holds. */
  hiddenWeakMap() {
    const note = evaluate('(() => { const seen = new WeakSet(); return each => seen.add(each) })()')
    const [one, other] = [{}, {}]
    let key = one
    return tellOf(() => {
      note(key)
      key = other
    })
  },

  proxy() {
    const proxy = new Proxy(makeCounter(), {})
    return tellOf(() => proxy())
  },

  /** All that the engine does see. */
  nothing() {
    const seen = {
      list: [1],
      map: new Map([[1, 2]]),
      weak: new WeakMap(),
      bytes: Buffer.from('ab'),
      date: new Date(0),
    }
    class Box {
      #value = 0
      raise = () => ++this.#value
    }
    const [box, key] = [new Box(), {}]
    const next = (
      (n = 0) =>
      () =>
        ++n
    )()
    return tellOf(() => {
      next()
      box.raise()
      seen.list.push(2)
      seen.map.set(3, 4)
      seen.weak.set(key, 1)
      seen.bytes[0] = 7
      seen.date.setTime(9)
      globalThis.added = true
      Array.prototype.added = true
      process.env.ADDED = 'yes'
    })
  },
}

await runScenario({
  async all() {
    const told = {}
    for (const [kind, tell] of Object.entries(kinds)) told[kind] = await tell()
    return told
  },
})
