import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SuiteFolder } from './suite-folder.ts'
import { repositoryRoot } from './targets.ts'

export type PluginOptions = Readonly<Record<string, unknown>>

export const captureFileName = 'captured.json'

const support = join(repositoryRoot, 'test', 'support')

/**
 * The text of a Vitest config that runs one suite and captures everything.
 *
 * Without the plugin, 'forkpoint' is resolved to a stand-in whose `setup` is `beforeEach`, so that the plain side of a comparison owes
 * nothing to the code under test.
 */
export function suiteConfig(
  { suite, own }: SuiteFolder,
  plugin: false | PluginOptions,
  extra: Readonly<Record<string, unknown>>,
): string {
  const reporter = join(support, 'capture-reporter.mjs')
  const coverage = {
    reportsDirectory: join(own, 'coverage'),
    reporter: ['json', ['text', { file: 'table.txt', maxCols: 200 }]],
    include: ['src/**'],
    reportOnFailure: true,
  }
  const { coverage: extraCoverage, ...extraTest } = extra
  const test = {
    root: suite,
    reporters: [[reporter, { root: `${suite}/`, outputFile: join(own, captureFileName) }]],
    includeTaskLocation: true,
    coverage: { ...coverage, ...(extraCoverage ?? {}) },
    ...extraTest,
  }
  const standIn = join(support, 'plain-setup.mjs')
  // Vitest orders files by the times of the run before: no run may see another's cache.
  const config = plugin
    ? { root: suite, cacheDir: join(own, 'cache'), test }
    : { root: suite, cacheDir: join(own, 'cache'), resolve: { alias: { forkpoint: standIn } }, test }
  const lines = plugin
    ? [
        `import forkpoint from 'forkpoint/vitest'`,
        `const plugins = [forkpoint(${JSON.stringify(plugin)})]`,
        `export default { plugins, ...${JSON.stringify(config, null, 2)} }`,
      ]
    : [`export default ${JSON.stringify(config, null, 2)}`]
  return `// Written by ${pathToFileURL(import.meta.filename).href}\n${lines.join('\n')}\n`
}
