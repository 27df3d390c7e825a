import { readFileSync } from 'node:fs'

/** As it was before user code. */
const read = readFileSync

/** Something that is mounted, as proc_pid_mountinfo(5) has it. */
export interface Mount {
  path: string
  type: string
  isReadOnly: boolean
}

/** What this process sees mounted, the outermost first and each place once. Empty where the system does not tell. */
export function readMounts(): Mount[] {
  let text: string
  try {
    text = read('/proc/self/mountinfo', 'utf8')
  } catch {
    return []
  }
  const byPath = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const fields = line.split(' ')
    const separator = fields.indexOf('-')
    const [path, options, type] = [fields[4], fields[5], fields[separator + 1]]
    if (separator < 0 || path === undefined || type === undefined) continue
    const place = decode(path)
    // What was mounted last is what is seen.
    byPath.set(place, { path: place, type, isReadOnly: options?.split(',').includes('ro') === true })
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Spaces and the like are written as `\040`. */
function decode(path: string): string {
  return path.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
