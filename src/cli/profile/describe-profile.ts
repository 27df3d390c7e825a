import { sep } from 'node:path'
import type { SavedProfile, StateShape } from '../../profile/saved-profile.ts'
import { count, type Section } from '../../report/section.ts'
import { formatBytes, formatCount, sum } from '../../report/statistics.ts'
import type { Style } from '../../report/style.ts'

/** Of each list, so many lines. */
const MOST_LINES = 10

interface Manner {
  /** The folder that paths are shown from. */
  root: string
  style: Style
}

/** What setups and tests have allocated and where, and what the largest checkpoint is made of. */
export function describeProfile({ allocated, runs, checkpoints }: SavedProfile, manner: Manner): Section[] {
  if (runs.setup === 0)
    return [
      {
        label: 'Profile',
        lines: [manner.style.yellow('no suite has a `setup` or a hoisted hook that was run')],
      },
    ]
  const largest = checkpoints.toSorted((a, b) => b.objects - a.objects)[0]
  return [
    describeAllocations('Setups', 'setup', runs.setup, allocated.setup, manner),
    describeAllocations('Tests', 'test', runs.test, allocated.test, manner),
    ...(largest === undefined
      ? [{ label: 'Checkpoints', lines: [manner.style.dim('none taken: the summary of a run says why')] }]
      : describeState(checkpoints.length, largest, manner)),
  ]
}

function describeAllocations(
  label: string,
  noun: string,
  runs: number,
  bytesOf: Readonly<Record<string, number>>,
  { root, style }: Manner,
): Section {
  const total = sum(Object.values(bytesOf))
  const each = runs > 1 ? style.dim(`, ${formatBytes(total / runs)} each`) : ''
  const lines = Object.entries(bytesOf)
    .sort(([, a], [, b]) => b - a)
    .map(([owner, bytes]) => `${formatBytes(bytes).padStart(7)}  ${showOwner(owner, root)}`)
  return {
    label,
    lines: [
      `${style.bold(formatBytes(total))} allocated by ${count(runs, noun)}${each}`,
      ...shorten(lines, style),
    ],
  }
}

/** `build /app/src/store.ts` becomes `build (src/store.ts)`; of a package only what says which it is is shown. */
function showOwner(owner: string, root: string): string {
  const [, name = '', path = ''] = /^(.*?) ((?:\/|[A-Za-z]:[\\/]).*)$/.exec(owner) ?? [owner, owner]
  const [, inPackage] = /.*[\\/](node_modules[\\/].*)$/.exec(path) ?? []
  const shown = inPackage ?? (path.startsWith(root + sep) ? path.slice(root.length + 1) : path)
  return shown === '' ? name : `${name} (${shown})`
}

function describeState(
  checkpoints: number,
  { objects, roots, kinds }: StateShape,
  { style }: Manner,
): Section[] {
  const byRoot = Object.entries(roots)
    .sort(([, a], [, b]) => b.objects - a.objects || b.bytes - a.bytes)
    .map(([path, found]) => {
      const bytes = found.bytes === 0 ? '' : `, ${formatBytes(found.bytes)} in buffers`
      return `${formatCount(found.objects).padStart(7)}  ${path}${style.dim(bytes)}`
    })
  const byKind = Object.entries(kinds)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, amount]) => `${formatCount(amount).padStart(7)}  ${kind}`)
  const which = checkpoints === 1 ? '1 taken, of' : `${checkpoints} taken; the largest, of`
  return [
    { label: 'Checkpoints', lines: [`${which} ${style.bold(`${formatCount(objects)} objects`)}, holds`] },
    { label: 'By path', lines: shorten(byRoot, style) },
    { label: 'By class', lines: shorten(byKind, style) },
  ]
}

function shorten(lines: readonly string[], { dim }: Style): string[] {
  const left = lines.length - MOST_LINES
  return left <= 0 ? [...lines] : [...lines.slice(0, MOST_LINES), dim(`and ${formatCount(left)} more`)]
}
