// A state that fills most of the memory that V8 may take.
import { getHeapStatistics } from 'node:v8'
import { checkpoint } from 'forkpoint'
import { errorOf, runScenario } from './scenario.mjs'

const rows = []

await runScenario({
  async full() {
    const { heap_size_limit: limit } = getHeapStatistics()
    while (getHeapStatistics().used_heap_size < 0.48 * limit)
      for (let i = 0; i < 10_000; i++) rows.push({ i, name: { first: i } })
    const refused = await errorOf(checkpoint())
    rows.length = 0
    const point = await checkpoint()
    await point.run(() => void rows.push('more'))
    return { refused, rows: rows.length }
  },
})
