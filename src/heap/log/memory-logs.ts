import { type Addon, loadAddon, type MemoryLog } from '../../fork/addon.ts'
import { checkLog } from './check-log.ts'

let found: Addon | null | undefined

/**
 * The addon, where the kernel tells what is written and V8 keeps its objects as the addon takes it to: that is tried out once,
 * with every kind of change. `FORKPOINT_LOG=off`: null.
 */
export function loadMemoryLogs(): Addon | null {
  if (found === undefined) found = find()
  return found
}

export function openLog(addon: Addon): MemoryLog | undefined {
  const many: Record<string, number> = {}
  // With many more it would be a dictionary.
  for (let i = 0; i < 12; i++) many[`property ${i}`] = i
  const others = [new Map(), new Set(), makeArguments(), [1, 2, 3]]
  return addon.openLog([{ x: 1.5 }, many, ...others, ...makeFunctions(), ...makeFunctions().slice(1)])
}

/** They see the same variable, and it is not always the same. */
function makeFunctions(): object[] {
  let seen = 0.5
  const functions = [() => (seen += 0.25), () => (seen *= 0.25)]
  for (const each of functions) each()
  return functions
}

function makeArguments(): object {
  return new Function('return arguments')(1) as object
}

function find(): Addon | null {
  if (process.env.FORKPOINT_LOG === 'off' || process.arch !== 'x64') return null
  const addon = loadAddon()
  if ('why' in addon) return null
  try {
    const log = openLog(addon)
    if (log === undefined) return null
    const isRight = checkLog(addon, log)
    addon.closeLog(log)
    return isRight ? addon : null
  } catch {
    // Code may not be made from strings here, and so none of the samples.
    return null
  }
}
