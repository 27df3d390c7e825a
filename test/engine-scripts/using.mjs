// `await using`, which Node knows since version 24.
import { checkpoint } from 'forkpoint'
import { errorOf, runScenario } from './scenario.mjs'

await runScenario({
  async awaitUsing() {
    let counter = 0
    let kept
    let inside
    {
      await using point = await checkpoint()
      kept = point
      inside = await point.run(() => ++counter)
    }
    return [inside, await errorOf(kept.run(() => counter))]
  },
})
