import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTransform, type TransformCache } from 'forkpoint/adapter'
import type { Plugin } from 'vitest/config'
import { FOREIGN } from './foreign-names.ts'
import { labelOf } from './label-of.ts'
import { RUNNER_CODE } from './runner-code.ts'

const OWN_FOLDER = dirname(fileURLToPath(import.meta.url)).replaceAll('\\', '/')

/**
 * Exposes the state of the modules that Vitest's workers evaluate, tests included, to the heap engine.
 *
 * Works on what all other plugins have made of them: what coverage counters and hoisted mocks are must not change by it.
 *
 * @param isActive asked for each module: whether the heap engine is to be used
 */
export function stateTransform(isActive: () => boolean): Plugin {
  let root = ''
  let forCoverage = false
  let opened: Promise<TransformCache> | null = null
  const open = async (): Promise<TransformCache> => {
    const { TransformCache, cacheFolder } = await loadTransform()
    return new TransformCache(cacheFolder(root))
  }
  return {
    name: 'forkpoint:state',
    enforce: 'post',
    configResolved(config) {
      root = config.root
    },
    configureVitest({ vitest }) {
      const { enabled, provider } = vitest.config.coverage
      forCoverage = enabled && provider !== 'istanbul'
    },
    transform: {
      order: 'post',
      async handler(code, id) {
        const path = id.replaceAll('\\', '/')
        if (!isActive() || RUNNER_CODE.test(path) || path.startsWith(`${OWN_FOLDER}/`)) return null
        opened ??= open()
        const cache = await opened
        const exposed = cache.exposeState(code, {
          id,
          label: labelOf(path, root),
          foreign: FOREIGN,
          forCoverage,
        })
        return exposed
      },
    },
  }
}
