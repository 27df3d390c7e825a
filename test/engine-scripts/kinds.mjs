// Kinds of state, named on the command line, separated by commas: each is run twice from a checkpoint, and once from another one
// that is taken afterwards. A line for each.
import { checkpoint } from 'forkpoint'
import { kinds } from '../kinds/index.mjs'

const { stringify } = JSON

async function tryKind({ make }) {
  const use = await make()
  try {
    const point = await checkpoint()
    const [first, second] = [await point.run(use), await point.run(use)]
    await point.dispose()
    // Of what is left outside, without leaving anything for the next kind.
    const after = await checkpoint()
    const third = await after.run(use)
    await after.dispose()
    return { first, second, third }
  } catch (error) {
    return error.code === 'ERR_FORKPOINT_STATE' ? { refused: error.message } : { failed: error.stack }
  }
}

for (const name of process.argv[2].split(',')) {
  const told = await tryKind(kinds[name])
  process.stdout.write(`${stringify({ name, told })}\n`)
}
// Some kinds of state keep a process alive.
process.exit(0)
