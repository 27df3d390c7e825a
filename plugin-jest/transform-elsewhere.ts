import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { intrinsics } from 'forkpoint/adapter'

/** What the other process is told. */
export interface TransformOrder {
  /** Of the module that the transform is in. */
  path: string
  transformerConfig: unknown
  source: string
  file: string
  options: object
}

/** What it says. */
export type TransformAnswer = { result: unknown } | { error: TransformError }

interface TransformError {
  message: string
  stack?: string
  fields: object
}

const PROGRAM = fileURLToPath(new URL('./jest-transform-process.mjs', import.meta.url))

/** As it was before host calls were watched. */
const spawn = spawnSync

/** Longer than any answer. */
const MAX_BYTES = 2 ** 30

/** Makes one transform in a process of its own, and waits for it. */
export function transformElsewhere(order: TransformOrder): unknown {
  const { stdout, stderr, error } = spawn(process.execPath, [PROGRAM], {
    input: intrinsics.stringifyJson(order),
    encoding: 'utf8',
    maxBuffer: MAX_BYTES,
    windowsHide: true,
  })
  if (error !== undefined) throw error
  if (stdout === '') throw new Error(`Failed to transform ${order.file} in a process of its own: ${stderr}`)
  const answer = intrinsics.parseJson(stdout) as TransformAnswer
  if ('result' in answer) return answer.result
  throw toError(answer.error)
}

/** With the frames of those who have asked for it, as if it had been thrown here. */
function toError({ message, stack = '', fields }: TransformError): Error {
  const error = new Error(message)
  const frames = String(error.stack)
    .split('\n')
    .filter(line => line.startsWith('    at ') && !line.includes(import.meta.url))
  Object.defineProperty(error, 'stack', {
    value: [stack, ...frames].join('\n'),
    configurable: true,
    writable: true,
  })
  return Object.assign(error, fields)
}
