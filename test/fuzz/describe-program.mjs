import { holders } from './holders.mjs'
import { kinds } from './kinds/index.mjs'
import { surroundings } from './surroundings.mjs'

const oneLine = code => String(code).replace(/\s+/g, ' ')

/** For people: what a program builds, and the code of its steps. */
export function describeProgram({ seed, slots, setup, rounds }) {
  const step = ({ do: what, slot, at, steps }) => {
    if (what === 'nested')
      return `in a checkpoint of its own:\n${steps.map(each => `  ${step(each)}`).join('\n')}`
    if (what === 'surroundings') return `around: ${oneLine(surroundings[at % surroundings.length].change)}`
    if (what === 'wait' || what === 'replace') return `${what} ${slot}`
    const { changes, forGood = [] } = kinds[slots[slot].kind]
    const code = what === 'change' ? changes[at % changes.length] : forGood[at % (forGood.length || 1)]?.[1]
    return `${what} ${slot} (${slots[slot].kind}): ${oneLine(code)}`
  }
  return [
    `program ${seed}`,
    ...slots.map(
      ({ kind, holder }, i) => `  ${i}: ${kind}, held by ${oneLine(holders[holder % holders.length])}`,
    ),
    '  setup:',
    ...setup.map(each => `    ${step(each)}`),
    ...rounds.flatMap((steps, i) => [`  round ${i}:`, ...steps.map(each => `    ${step(each)}`)]),
  ].join('\n')
}
