import { pathToFileURL } from 'node:url'
import { sharedState } from 'forkpoint/adapter'
import { type TestFile, workerState } from './internals.ts'
import type { ImportsMessage } from './pool/imports-message.ts'

interface Execution {
  duration: number
  /** By Node, and not by Vitest. */
  external?: boolean
}

/** Where a test file runs in a process that was forked for it: tells the pool what of packages it has imported. */
export function tellImports({ filepath }: TestFile): void {
  const { channel } = sharedState()
  const { moduleExecutionInfo } = workerState() as { moduleExecutionInfo?: Map<string, Execution> }
  if (channel === null || moduleExecutionInfo === undefined) return
  const message: ImportsMessage = {
    file: filepath,
    imports: [...moduleExecutionInfo].flatMap(([path, { external, duration }]) =>
      external && path.includes('/node_modules/') ? [[pathToFileURL(path).href, duration]] : [],
    ),
  }
  channel.send(message)
}
