// Runs the steps of programs. Loaded before the heap engine's transform: what runs them is no part of the state, which all stands in
// `state.mjs`.
import { checkpoint } from 'forkpoint'
import { makeRandom } from '../stress/make-random.mjs'

/** As `state.mjs` has it: what programs are made of, and what they keep, by their place in their group. */
let parts

export function begin(state) {
  parts = state
}

const PRIMITIVES = [-0, Number.NaN, null, undefined, true, 1.5, 10n, 'text', Symbol.for('v')]

/** The random choices of one step. */
function makeTools(seed, slots) {
  const random = makeRandom(seed)
  const pick = list => list[random(list.length)]
  const value = () => {
    switch (random(6)) {
      case 0:
        return random(100)
      case 1:
        return pick(PRIMITIVES)
      case 2:
        return { n: random(9) }
      case 3:
        return [random(9), random(9)]
      case 4:
        return () => 7
      default:
        return slots.length > 0 ? pick(slots).holder.get() : null
    }
  }
  return { int: random, pick, value }
}

export async function build(index, { slots: planned, setup }) {
  const slots = []
  parts.machines[index] = slots
  for (const { kind, holder, seed } of planned) {
    const own = {}
    const value = parts.kinds[kind].build(makeTools(seed, slots), own)
    slots.push({ kind, own, holder: parts.holders[holder % parts.holders.length](value) })
  }
  for (const step of setup) await run(index, step, () => {})
}

export function end(index) {
  for (const { kind, holder } of parts.machines[index] ?? []) parts.kinds[kind].end?.(holder.get())
  parts.machines[index] = null
}

const isOurs = error => typeof error?.message === 'string' && error.message.startsWith('[forkpoint]')

/** A step that throws is told of. @param tell takes what there is to be told */
export async function run(index, step, tell) {
  const slots = parts.machines[index]
  try {
    if (step.do === 'nested') return await runNested(index, step, tell)
    const tools = makeTools(step.seed, slots)
    if (step.do === 'wait') return await new Promise(resolve => setImmediate(resolve))
    if (step.do === 'surroundings')
      return void parts.surroundings[step.at % parts.surroundings.length].change(tools)
    const { kind, own, holder } = slots[step.slot]
    if (step.do === 'replace') return void holder.set?.(tools.value())
    const { changes, forGood = [] } = parts.kinds[kind]
    const value = await unwrap(holder)
    if (step.do === 'change') await settle(changes[step.at % changes.length](value[0], tools, own))
    else if (forGood.length > 0) await settle(forGood[step.at % forGood.length][1](value[0], tools, own))
  } catch (error) {
    if (isOurs(error)) throw error
    tell(`threw ${error?.name}`)
  }
}

/** What comes of a promise, if it comes soon: some never do. */
async function settle(value) {
  if (!(value instanceof Promise)) return value
  const soon = (async () => {
    for (let i = 0; i < 20; i++) await null
    return 'pending'
  })()
  return Promise.race([value, soon])
}

/** In an array: a promise would be awaited. */
async function unwrap(holder) {
  return holder.isAsync ? holder.get() : [holder.get()]
}

async function runNested(index, { steps }, tell) {
  const point = await checkpoint()
  try {
    await point.run(async () => {
      for (const step of steps) await run(index, step, tell)
      tell(await look(index))
    })
    await point.run(async () => tell(await look(index)))
  } finally {
    await point.dispose()
  }
}

/** What there is to be seen of a program: names, and values in arrays. */
export async function look(index) {
  const seen = []
  for (const [i, { kind, own, holder }] of parts.machines[index].entries()) {
    seen.push([`${i} ${kind}`, [await readOut(() => unwrap(holder))]], [`${i} own`, [own]])
    for (const [r, read] of (parts.kinds[kind].reads ?? []).entries()) {
      seen.push([
        `${i} read ${r}`,
        [await readOut(async () => [await settle(read((await unwrap(holder))[0], own))])],
      ])
    }
  }
  return seen
}

export async function lookAround() {
  const seen = []
  for (const [i, { read }] of parts.surroundings.entries())
    seen.push([`around ${i}`, [await readOut(() => [read()])]])
  return seen
}

async function readOut(read) {
  try {
    return await read()
  } catch (error) {
    return [`threw ${error?.name}`]
  }
}
