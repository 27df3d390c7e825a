// Where a checkpoint can't be taken: processes that are what the preconditions look for.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { checkpoint } from 'forkpoint'
import { runScenario } from './branch.mjs'

async function take() {
  try {
    await (await checkpoint()).dispose()
    return 'taken'
  } catch (error) {
    return error.message
  }
}

await runScenario({
  plain: async () => [await take()],

  async worker() {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
    await once(worker, 'online')
    const alive = await take()
    await worker.terminate()
    return [alive, await take()]
  },

  async threadPool() {
    await readFile(new URL(import.meta.url))
    return (await checkpoint()).run(() => 1)
  },
})
