import { compareEngines } from './compare-engines.mjs'

/** Rounds of leaving something out, at most: each takes a process of either engine. */
const LIMIT = 40

/** The smallest group found, by leaving out programs, steps and values, in which a program still differs in the same way. */
export async function shrink(group, why) {
  let smallest = group
  for (let round = 0; round < LIMIT; round++) {
    const candidates = withoutOnePart(smallest)
    const numbered = candidates.map((candidate, i) =>
      candidate.map(each => ({ ...each, seed: `${i} ${each.seed}` })),
    )
    const verdicts = await compareEngines(numbered)
    const found = numbered.findIndex(each => each.some(({ seed }) => verdicts.get(seed).why === why))
    if (found === -1) break
    smallest = candidates[found]
  }
  return smallest
}

const without = (list, i) => list.filter((_, at) => at !== i)

function withoutOnePart(group) {
  if (group.length > 1) {
    const half = group.length >> 1
    return [group.slice(0, half), group.slice(half), ...group.map((_, i) => without(group, i))]
  }
  const [program] = group
  const { setup, rounds, slots } = program
  const last = slots.length - 1
  const usesLast = [...setup, ...rounds.flat()].some(step => step.slot === last || step.steps)
  return [
    ...rounds.map((_, i) => ({ ...program, rounds: without(rounds, i) })),
    ...setup.map((_, i) => ({ ...program, setup: without(setup, i) })),
    ...rounds.flatMap((steps, r) =>
      steps.map((_, i) => ({
        ...program,
        rounds: rounds.map((each, at) => (at === r ? without(each, i) : each)),
      })),
    ),
    ...(last > 0 && !usesLast ? [{ ...program, slots: slots.slice(0, last) }] : []),
  ]
    .filter(each => each.rounds.length > 0)
    .map(each => [each])
}
