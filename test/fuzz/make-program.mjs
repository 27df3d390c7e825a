import { makeRandom } from '../stress/make-random.mjs'
import { kinds } from './kinds/index.mjs'

const NAMES = Object.keys(kinds)
const SEEDS = 2 ** 31

/**
 * A program: values of some kinds, in some places, which a setup makes; and rounds of steps that change them, each to be run from
 * the state after the setup. All of it is data: a step left out changes nothing about the others.
 *
 * One in sixteen is `hard`: it does what can't be undone, changes what is not its own, or takes a checkpoint of its own.
 */
export function makeProgram(seed) {
  const random = makeRandom(seed)
  const isHard = random(16) === 0
  const slots = Array.from({ length: 2 + random(5) }, () => {
    let kind = NAMES[random(NAMES.length)]
    while (kinds[kind].refused && !(isHard && random(8) === 0)) kind = NAMES[random(NAMES.length)]
    return { kind, holder: random(SEEDS), seed: random(SEEDS) }
  })

  const step = (depth, isSetup = false) => {
    const common = { slot: random(slots.length), at: random(SEEDS), seed: random(SEEDS) }
    if (isHard && !isSetup) {
      const what = random(20)
      if (what === 0) return { do: 'forGood', ...common }
      if (what < 5) return { do: 'surroundings', ...common }
      if (what === 5 && depth === 0) {
        return { do: 'nested', steps: Array.from({ length: 1 + random(3) }, () => step(1)) }
      }
      if (what === 6) return { do: 'wait', ...common }
    }
    return { do: random(8) === 0 ? 'replace' : 'change', ...common }
  }
  const steps = (most, isSetup) => Array.from({ length: 1 + random(most) }, () => step(0, isSetup))
  return {
    seed,
    isHard,
    slots,
    setup: steps(3, true),
    rounds: [steps(7), steps(7)],
  }
}

/** The words in which the heap engine may refuse a program. */
export function refusalsOf({ slots, rounds }) {
  const all = steps => steps.flatMap(step => [step, ...all(step.steps ?? [])])
  const ofSteps = all(rounds.flat())
    .filter(step => step.do === 'forGood')
    .flatMap(({ slot, at }) => {
      const { forGood = [] } = kinds[slots[slot].kind]
      return forGood.length > 0 ? [forGood[at % forGood.length][0]] : []
    })
  return [...slots.flatMap(({ kind }) => kinds[kind].refused ?? []), ...ofSteps]
}

/** Programs that share a checkpoint: but for the hard ones, as one for each costs more than its program. */
export function groupPrograms(programs, size) {
  const groups = []
  const open = []
  for (const program of programs) {
    if (program.isHard) groups.push([program])
    else open.push(program)
    if (open.length === size) groups.push(open.splice(0))
  }
  return open.length > 0 ? [...groups, open] : groups
}
