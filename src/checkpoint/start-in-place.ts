import { Scripts } from '../heap/audit/scripts.ts'
import { HeapEngine } from '../heap/engine.ts'
import { NodeModules } from '../heap/roots/node-modules.ts'
import { auditFromEnvironment } from '../options/environment.ts'
import { InPlaceRunner } from './in-place-runner.ts'

/** @param boundary as it was before user code ran */
export function startInPlace(boundary: Set<object>): InPlaceRunner {
  return new InPlaceRunner(
    new HeapEngine({
      boundary,
      isRunnerGlobal: () => false,
      modules: new NodeModules(),
      obstacle: null,
      audit: auditFromEnvironment(process.env) ? { scripts: new Scripts(() => false), foreign: null } : null,
      timersBefore: new Set(),
    }),
  )
}
