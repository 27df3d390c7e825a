/** The runner for the pools of contexts: forkpoint itself stays outside. */
import { enterContext } from './enter-context.ts'
import { findContextLoader } from './vm-context.ts'

const loader = findContextLoader()
if (loader !== null) enterContext(loader)

// Built with forkpoint left out: by now the import of it is answered.
const runner: typeof import('./runner.ts') = await import('./runner.ts')
const Runner: (typeof runner)['default'] = runner.default

export default Runner
