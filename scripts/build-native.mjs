// Compiles native/ into prebuilds/<platform>-<arch>/forkpoint.node with the system's C compiler.
// Never fails an install: without a compiler or Node's headers forkpoint works without the fork engine and says so.
// With --required (the release script) a missing prerequisite is an error.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const native = join(root, 'native')
const files = readdirSync(native).map(name => join(native, name))
const sources = files.filter(file => file.endsWith('.c'))
const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`)
const output = join(folder, 'forkpoint.node')
const required = process.argv.includes('--required')

/** Where Node's headers may lie, likeliest first. */
const headerFolders = [
  process.env.npm_config_nodedir && join(process.env.npm_config_nodedir, 'include', 'node'),
  join(dirname(dirname(process.execPath)), 'include', 'node'),
  '/usr/include/node',
  '/usr/local/include/node',
].filter(Boolean)

const compilers = [process.env.CC, 'cc', 'gcc', 'clang', 'g++ -x c'].filter(Boolean)

/** @param {string} reason */
function giveUp(reason) {
  rmSync(output, { force: true })
  console.warn(
    `forkpoint: the fork engine was not built: ${reason}. Everything else works; suites run with their setup re-run.`,
  )
  process.exit(required ? 1 : 0)
}

if (process.platform === 'win32') giveUp('Windows has no fork(2)')
const newest = Math.max(...files.map(file => statSync(file).mtimeMs))
if (existsSync(output) && statSync(output).mtimeMs > newest) process.exit(0)

const headers = headerFolders.find(folder => existsSync(join(folder, 'node_api.h')))
if (!headers) giveUp(`Node's headers (node_api.h) are in none of ${headerFolders.join(', ')}`)

const compiler = compilers.find(command => {
  const [program, ...args] = command.split(' ')
  return spawnSync(program, [...args, '--version'], { stdio: 'ignore' }).status === 0
})
if (!compiler) giveUp(`no C compiler was found (tried ${compilers.join(', ')})`)

const [program, ...first] = compiler.split(' ')
const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']
const flags = [
  '-std=gnu11',
  '-O2',
  '-fPIC',
  '-Wall',
  '-Wextra',
  '-fvisibility=hidden',
  '-DNAPI_VERSION=8',
  ...shared,
]
mkdirSync(folder, { recursive: true })
const temporary = `${output}.${process.pid}`
const args = [...first, ...flags, '-I', headers, ...sources, '-o', temporary]
const run = spawnSync(program, args, { stdio: 'inherit' })
if (run.status !== 0) {
  rmSync(temporary, { force: true })
  giveUp(`the compiler failed: ${program} ${args.join(' ')}`)
}
renameSync(temporary, output)
