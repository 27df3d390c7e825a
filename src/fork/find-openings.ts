import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { callSiteOf } from '../call-site.ts'
import type { Obstacle } from '../engine.ts'
import { groupBy } from '../report/group-by.ts'
import { sharedState } from '../state.ts'
import type { ConnectionEntry } from './addon.ts'
import type { ProcessWatch } from './watch-process.ts'

const REOPEN =
  'close it in a `beforeFork` callback and open it again in an `afterFork` callback: ' +
  '`beforeFork(() => client.end())`, `afterFork(() => client.connect())`'
const RESTART =
  'end it in a `beforeFork` callback and start it again in an `afterFork` callback, or start it in the tests'

/** Connections whose state is not settled: they open, close, or have something to be read within this process. */
export function countUnsettled(connections: readonly ConnectionEntry[], watch: ProcessWatch): number {
  return connections.filter(connection => {
    const [, id, , other, unread, isEstablished] = connection
    return !watch.earlySockets.has(id) && (other >= 0 ? unread > 0 : !isEstablished)
  }).length
}

/** What has another end, outside this process, that can't be rolled back: one obstacle for each of them and call site. */
export function findOpenings(connections: readonly ConnectionEntry[], watch: ProcessWatch): Obstacle[] {
  const sockets = new Map(watch.openings.sockets().map(({ opened, stack }) => [fdOf(opened), stack]))
  const open = connections.flatMap(connection => {
    const where = describeConnection(connection, watch)
    const stack = sockets.get(connection[0])
    return where === null ? [] : [makeObstacle(where, REOPEN, 'net.connection', stack)]
  })
  const running = watch.openings.processes().map(({ opened, stack }) => {
    const what = `the child process \`${commandOf(opened)}\` is alive, and its state can not be rolled back`
    return makeObstacle(what, RESTART, 'process.child', stack)
  })
  return groupBy([...open, ...running], obstacle => JSON.stringify(obstacle)).map(([first]) => first)
}

function makeObstacle(
  why: string,
  remedy: string,
  effect: string,
  stack: { stack?: string } | undefined,
): Obstacle {
  const site = stack === undefined ? undefined : callSiteOf(stack)
  return { why, remedy, effect, ...(site === undefined ? {} : { site }) }
}

/** Null where nothing is shared with a child: both ends are in this process and over TCP, or it was here before user code. */
function describeConnection(
  [, id, pid, other, , , peer]: ConnectionEntry,
  watch: ProcessWatch,
): string | null {
  if (other >= 0 || watch.earlySockets.has(id)) return null
  if (!sharedState().pids.has(pid)) {
    const whom = peer === '' ? `process ${pid}` : peer
    return `a connection to ${whom} is open, and what a test sends over it can not be rolled back`
  }
  // Without a name it is a pair of sockets, made for a child process.
  if (peer === '') return null
  return `a connection over ${peer} is open, and both its ends, which are in this process, would be shared by all tests`
}

function fdOf(socket: Socket): number | undefined {
  return (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd
}

function commandOf({ spawnargs }: ChildProcess): string {
  const command = spawnargs.join(' ')
  return command.length > 80 ? `${command.slice(0, 79)}…` : command
}
