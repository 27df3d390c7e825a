import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeProject } from './project.mjs'

const modules = fileURLToPath(new URL('../../test/matrix/jest-30/node_modules', import.meta.url))

/** A project with Jest 30, which the tests install. */
export function makeJestProject(files) {
  if (!existsSync(modules))
    throw new Error('Jest is not installed: run `npm test`, or `npm ci` in test/matrix/jest-30')
  const project = makeProject(
    { 'package.json': '{}', ...files },
    {
      target: { modules, node: process.execPath },
    },
  )
  return { ...project, jest: join(modules, 'jest/bin/jest.js') }
}

/** Runs Jest; milliseconds of the whole process, and of the test files as Jest counts them. */
export function timeJest({ folder, node, jest }, config, args = []) {
  const output = join(folder, 'result.json')
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(
    node,
    [jest, '--config', config, '--json', '--outputFile', output, ...args],
    { cwd: folder, encoding: 'utf8' },
  )
  const wholeMs = performance.now() - start
  if (status !== 0) throw new Error(`jest ended with ${status}:\n${stdout}\n${stderr}`)
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'))
  const filesMs = testResults.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0)
  return { wholeMs, filesMs, summary: stderr }
}
