import { release } from 'node:os'
import { loadAddon } from '../../fork/addon.ts'
import { loadMemoryLogs } from '../../heap/log/memory-logs.ts'
import { loadNatives } from '../../heap/natives.ts'
import type { Aid } from './probed.ts'

/** The first Linux that tells a process which of its memory was written. */
const TELLS = [6, 7] as const

const SLOWER = 'it is slower without'

/** What makes the heap engine fast where it is to be had, and why it is not here. It works without. */
export function listAids(): Aid[] {
  return [
    { aid: 'hidden classes of V8', missing: loadNatives() === null ? whyNoNatives() : null, without: SLOWER },
    { aid: 'log of written memory', missing: loadMemoryLogs() === null ? whyNoLog() : null, without: SLOWER },
  ]
}

function whyNoNatives(): string {
  return process.env.FORKPOINT_NATIVES === 'off'
    ? 'FORKPOINT_NATIVES is off'
    : 'this Node does not give them (--allow-natives-syntax)'
}

function whyNoLog(): string {
  if (process.env.FORKPOINT_LOG === 'off') return 'FORKPOINT_LOG is off'
  const { platform, arch } = process
  if (platform !== 'linux' || arch !== 'x64')
    return `it is there on linux-x64 only, and this is ${platform}-${arch}`
  const addon = loadAddon()
  if ('why' in addon) return 'it needs the native addon'
  const [major = 0, minor = 0] = release().split('.').map(Number)
  const isOld = major < TELLS[0] || (major === TELLS[0] && minor < TELLS[1])
  return isOld
    ? `it needs Linux ${TELLS.join('.')}, and this is ${release()}`
    : 'the system forbids it (PAGEMAP_SCAN), or this Node keeps its objects otherwise'
}
