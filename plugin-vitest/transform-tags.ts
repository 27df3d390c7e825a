import { loadTransform } from 'forkpoint/adapter'
import type { Plugin } from 'vitest/config'
import { labelOf } from './label-of.ts'

/** Reads the tags `@rollback` in the project's own sources, before the types are stripped from them, and the comments too. */
export function tagTransform(): Plugin {
  let root = ''
  return {
    name: 'forkpoint:tags',
    enforce: 'pre',
    configResolved(config) {
      root = config.root
    },
    async transform(code, id) {
      // Nothing is loaded for a file that has none.
      if (!code.includes('@rollback') || id.includes('/node_modules/')) return null
      const path = id.replaceAll('\\', '/')
      const { annotateFunctions } = await loadTransform()
      return annotateFunctions(code, { id, label: labelOf(path, root) })
    },
  }
}
