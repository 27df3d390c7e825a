/**
 * On a busy machine Vitest's main process gets several batches of updates at once and handles them side by side, plain
 * runs' too (seen with the plugin off): the order of events then differs from run to run. Such runs are made again: an
 * order that forkpoint changes would differ each time.
 */
export function isOfOrder(difference: string): boolean {
  const [path = ''] = difference.split(': ')
  const [left, right] = difference.slice(path.length + 2).split(' ≠ ')
  const isMoved = /^captured\.order\.\d+\.\d+$|\.events\.\d+$/.test(path)
  return isMoved && left !== 'nothing' && right !== 'nothing'
}
