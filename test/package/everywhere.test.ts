// npm run test:packed: the tarball installed by npm into empty folders, with install scripts blocked, beside each runner in the newest of
// its versions that is tested, and what it does there on each Node that the runner runs on.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type NodeName, nodeNames, prepareNode } from '../support/nodes.ts'
import { guide, Projects, run } from './projects.ts'

describe.runIf(process.env.FORKPOINT_PACKED === 'all')('installed by npm into an empty folder', () => {
  const nodes = new Map<NodeName, string>()
  let projects: Projects
  beforeAll(async () => {
    for (const name of nodeNames) nodes.set(name, await prepareNode(name))
    projects = new Projects()
  })
  afterAll(() => projects[Symbol.dispose]())

  const onEach = <T>(names: readonly NodeName[], look: (node: string) => T): Record<string, T> =>
    Object.fromEntries(names.map(name => [name, look(nodes.get(name) ?? '')]))

  const vitest = ['node_modules/vitest/vitest.mjs', 'run']
  const jest = ['node_modules/jest/bin/jest.js']
  test.each<[string, string, 'ts' | 'js', readonly string[], readonly NodeName[]]>([
    ['Vitest 4.1', 'vitest@4.1.12', 'ts', vitest, nodeNames],
    ['Vitest 5', 'vitest@5.1.1', 'ts', vitest, nodeNames.slice(1)],
    ['Jest 30', 'jest@30.5.2', 'js', jest, nodeNames],
    ['Jest 29.7', 'jest@29.7.0', 'js', jest, nodeNames],
  ])('beside %s the guide works on each Node', (name, runner, extension, args, names) => {
    const project = projects.install(name.replace(' ', '-'), [runner], guide(extension))
    const ran = onEach(names, node =>
      ['fork', 'heap'].map(engine => run(project, node, args, { FORKPOINT: engine })),
    )
    const rolledBack = ['fork', 'heap'].map(engine => ({
      status: 0,
      output: expect.stringMatching(new RegExp(`${engine} engine[\\s\\S]*Restores {2}\\d+, median`)),
    }))
    expect(ran).toEqual(onEach(names, () => rolledBack))
  })

  test('beside nothing: scripts, by import and by require, with both engines, and the command line', () => {
    const body =
      "let n = 1; const p = await checkpoint(); await p.run(() => { n = 2 }); if (n !== 1) throw new Error('not rolled back')"
    const project = projects.install('alone', [], {
      'script.mjs': `import { checkpoint } from 'forkpoint'\n${body}`,
      'script.cjs': `const { checkpoint } = require('forkpoint')\nasync function main() { ${body} }\nmain()`,
    })
    const ways = ['script.mjs', 'script.cjs'].flatMap(script => [
      ['--single-threaded', '--v8-pool-size=1', script],
      ['--import', 'forkpoint/register', script],
    ])
    const silently = ways.map(() => ({ status: 0, output: '' }))
    expect(onEach(nodeNames, node => ways.map(args => run(project, node, args)))).toEqual(
      onEach(nodeNames, () => silently),
    )
    const canRun = { status: 0, output: expect.stringMatching(/Fork engine {2}can run/) }
    const doctor = [join('node_modules', '.bin', 'forkpoint'), 'doctor']
    expect(onEach(nodeNames, node => run(project, node, doctor))).toEqual(onEach(nodeNames, () => canRun))
  })

  test('publint and Are the types wrong? find nothing', () => {
    const project = projects.install('lints', ['publint@0.3.25', '@arethetypeswrong/core@0.18.5'], {
      'lint.mjs': `
      import { readFileSync } from 'node:fs'
      import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
      import { publint } from 'publint'
      import { formatMessage } from 'publint/utils'
      const [path] = process.argv.slice(2)
      const data = readFileSync(path)
      const { messages, pkg } = await publint({ pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.length) }, strict: true })
      for (const each of messages) console.log('publint', formatMessage(each, pkg))
      const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(data)))
      // Resolution by the rules of Node 10 knows no subpaths; what require finds to be a module, Node 20.19 and later can require.
      for (const each of problems) {
        if (each.resolutionKind === 'node10' || each.kind === 'CJSResolvesToESM') continue
        console.log('attw', JSON.stringify(each))
      }
    `,
    })
    expect(run(project, process.execPath, ['lint.mjs', projects.packed.tarball])).toEqual({
      status: 0,
      output: '',
    })
  })
})
