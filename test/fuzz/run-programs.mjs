// Runs groups of programs, one after the other, with the engine of its process, and writes what each shows.
import { checkpoint } from 'forkpoint'
import { captureBuiltIns } from './built-ins.mjs'
import { build, end, look, lookAround, run } from './interpret.mjs'
import { begin, tell } from './tell.mjs'

async function show(index, program, phase) {
  const values = await look(index)
  tell(
    index,
    program.seed,
    phase,
    program.isHard ? [...values, ...(await lookAround())] : values,
    program.isHard,
  )
}

async function runRound(group, round) {
  for (const [index, program] of group.entries()) {
    const steps = program.rounds[round]
    if (steps === undefined) continue
    await show(index, program, `${round} before`)
    for (const [i, step] of steps.entries()) {
      await run(index, step, seen => tell(index, program.seed, `${round} step ${i}`, seen, false))
    }
    await show(index, program, `${round} after`)
  }
}

async function runGroup(group) {
  let point
  try {
    for (const [index, program] of group.entries()) {
      await build(index, program)
      begin(index, await look(index))
    }
    point = await checkpoint()
    const rounds = Math.max(...group.map(program => program.rounds.length))
    for (let round = 0; round < rounds; round++) await point.run(() => runRound(group, round))
    for (const [index, program] of group.entries()) await show(index, program, 'end')
    return null
  } catch (error) {
    return `${error?.message}`
  } finally {
    await point?.dispose()
    for (const index of group.keys()) end(index)
  }
}

/**
 * Returns once all have run, or when the process has to end first: of a state that could not be recorded something may be left, and
 * would be refused again.
 */
export async function runPrograms(groups) {
  const first = await checkpoint()
  await first.dispose()
  captureBuiltIns()
  for (const group of groups) {
    const failed = await runGroup(group)
    for (const { seed } of group) tell(0, seed, 'ended', failed ?? '', false)
    if (failed?.includes('Failed to take a checkpoint')) return
  }
}
