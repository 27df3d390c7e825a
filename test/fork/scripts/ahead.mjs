// Branches that are followed by others, so that their processes are forked ahead.
import { readdirSync, readFileSync } from 'node:fs'
import { ForkEngine, watchProcess } from 'forkpoint/adapter'
import { runScenario } from './branch.mjs'

const engine = ForkEngine.create(watchProcess())
let counter = 0

/** One branch: what `body` returns inside comes out. */
async function run(key, body, followed = 1) {
  const inFlight = await engine.quiesce()
  if (inFlight.length > 0) throw new Error(inFlight.map(({ why }) => why).join())
  const branch = engine.branch({ deadlineMs: 60_000, key, followed })
  if (branch.side === 'outside') return branch.outcome
  return branch.finish(await body())
}

/** The children of this process that have not ended. */
function listChildren() {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=[A-Z] )/)
        const [state, parent] = rest.split(' ')
        return Number(parent) === process.pid && state !== 'Z'
      } catch {
        return false
      }
    })
    .map(Number)
}

await runScenario({
  async inOrder() {
    const seen = []
    for (let i = 0; i < 20; i++) {
      counter++
      seen.push((await run(`test ${i}`, () => counter)).value)
    }
    engine.rest()
    return { seen, left: listChildren() }
  },

  async waiting() {
    await run('first', () => 'done')
    // The child of the branch may still be leaving.
    const deadline = Date.now() + 60_000
    while (listChildren().length > 1 && Date.now() < deadline);
    const ahead = listChildren().length
    engine.rest()
    return { ahead, rested: listChildren().length }
  },

  async sooner() {
    await run('first', () => 'done')
    const deadline = Date.now() + 60_000
    // Until it has come to where none follows, and ended there.
    while (!engine.isAhead && listChildren().length > 0 && Date.now() < deadline);
    const ahead = listChildren().length
    engine.rest()
    return ahead
  },

  async killed() {
    await run('first', () => 'done')
    for (const pid of listChildren()) process.kill(pid, 'SIGKILL')
    const { value } = await run('second', () => ++counter)
    engine.rest()
    return { value, counter }
  },

  async otherWay() {
    await run('first', () => 'done')
    // What was forked ahead goes its parent's way: to this branch, under another name.
    const key = engine.isAhead ? 'third' : 'second'
    const { value } = await run(key, () => key)
    engine.rest()
    return value
  },

  async noTurn() {
    await run('first', () => 'done')
    // Nothing that was forked ahead may get to the loop: it would read what is for its parent.
    await new Promise(resolve => setImmediate(resolve))
    if (engine.isAhead) process.stdout.write('a turn of the loop')
    const { value } = await run('second', () => 'done')
    engine.rest()
    return value
  },

  async userCode() {
    await run('first', () => 'done')
    engine.endIfAhead()
    engine.rest()
    counter++
    const { value } = await run('second', () => counter)
    engine.rest()
    return { value, counter }
  },

  async died() {
    const first = await run('first', () => process.kill(process.pid, 'SIGKILL'))
    const second = await run('second', () => 'done')
    engine.rest()
    return [first, second]
  },
})
