import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SampledNode } from './sampler.ts'

/** Forkpoint's own files. */
const own = dirname(fileURLToPath(import.meta.url)) + sep

/**
 * Adds what was sampled to the innermost function of the project, or of a package below one: what a runner allocates by itself is
 * nobody's. Not recursive: stacks may be deep.
 */
export function addAllocations(head: SampledNode, totals: Map<string, number>): void {
  const queue: Array<readonly [node: SampledNode, owner: string | null]> = [[head, null]]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [node, around] = next
    const owner = ownerOf(node, around)
    if (owner !== null && node.selfSize > 0) totals.set(owner, (totals.get(owner) ?? 0) + node.selfSize)
    for (const child of node.children) queue.push([child, owner])
  }
}

function ownerOf({ callFrame: { functionName, url } }: SampledNode, around: string | null): string | null {
  if (url === '' || url.startsWith('node:')) return around
  const path = url.startsWith('file://') ? fileURLToPath(url.split('?')[0] ?? url) : url
  if (path.startsWith(own)) return around
  if (around === null && /[\\/]node_modules[\\/]/.test(path)) return null
  return `${functionName || '(anonymous)'} ${path}`
}
