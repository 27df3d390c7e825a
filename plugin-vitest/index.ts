import { type FileRecord, type ForkpointOptions, resolveOptions, version } from 'forkpoint/adapter'
import type { Plugin } from 'vitest/config'
import { configureProject } from './configure.ts'
import { keyModules } from './key-modules.ts'
import type { TestRecord } from './record-test.ts'
import { SummaryReporter } from './summary-reporter.ts'
import { stateTransform } from './transform-state.ts'
import { tagTransform } from './transform-tags.ts'

export type { ForkpointOptions, TestRecord }

declare module 'vitest' {
  interface TaskMeta {
    /** Of a file: what was measured and found. Of a test: how it was run. */
    forkpoint?: FileRecord | TestRecord
  }
}

/**
 * Runs the setup of a suite once, checkpoints the state of the process, and rolls back to it before every test.
 *
 * Sets Vitest's runner, its start flags and one reporter. A `runner` of the project's own is refused.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for a wrong option; `ERR_FORKPOINT_CONFIG` when Vitest's configuration
 * leaves no room for it
 * @example
 * // vitest.config.ts
 * import forkpoint from 'forkpoint/vitest'
 * export default { plugins: [forkpoint()] }
 */
export default function forkpoint(options: ForkpointOptions = {}): Plugin[] {
  const resolved = resolveOptions(options, process.env)
  let isHeap = false
  const plugin: Plugin = {
    name: 'forkpoint',
    configureVitest(context) {
      const { vitest, project } = context
      keyModules(context, () => `forkpoint ${version} ${isHeap} ${resolved.hoist} ${resolved.guard}`)
      if (configureProject(project, resolved) === 'heap') isHeap = true
      SummaryReporter.of(vitest).add(project, resolved)
    },
    async transform(code, id) {
      if (!resolved.hoist || id.includes('/node_modules/') || !code.includes('beforeEach')) return null
      const { markHooks } = await import('./mark-hooks.ts')
      return markHooks(code, id, source => this.parse(source))
    },
  }
  return [...(resolved.guard === 'off' ? [] : [tagTransform()]), plugin, stateTransform(() => isHeap)]
}
