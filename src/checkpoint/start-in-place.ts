import { HeapEngine } from '../heap/engine.ts'
import { NodeModules } from '../heap/roots/node-modules.ts'
import { InPlaceRunner } from './in-place-runner.ts'

/** @param boundary as it was before user code ran */
export function startInPlace(boundary: Set<object>): InPlaceRunner {
  return new InPlaceRunner(
    new HeapEngine({
      boundary,
      isRunnerGlobal: () => false,
      modules: new NodeModules(),
      obstacle: null,
      timersBefore: new Set(),
    }),
  )
}
