import type { Socket as DatagramSocket } from 'node:dgram'
import { Server } from 'node:net'
import { sharedState } from '../../state.ts'
import { type Handlers, original } from './handlers.ts'
import { type GuardOptions, HostGuard } from './host-guard.ts'
import { PermissionAudit } from './permission-audit.ts'
import { fileHandlers } from './watch-files.ts'
import { watchLateModules } from './watch-late-modules.ts'
import { networkHandlers } from './watch-network.ts'
import { processHandlers } from './watch-processes.ts'
import { type WatchedCall, watchCalls } from './watched-calls.ts'

/** Lets the calls be looked at that `watchCalls` has replaced. A process is watched once, by whoever comes first. */
export function startGuard(options: GuardOptions): HostGuard {
  const state = sharedState()
  if (state.guard !== null) return state.guard
  const guard = new HostGuard(options)
  const calls = watchCalls()
  const audit = PermissionAudit.isOn ? new PermissionAudit(guard) : null
  let handlers: Handlers | null = null
  const handle = (call: WatchedCall): unknown =>
    handlers === null ? original(call) : handlers[call.kind](call)
  const patches = calls.begin({
    get isWatching() {
      return guard.isWatching
    },
    handle: call =>
      guard.handle(call, () => (audit === null ? handle(call) : audit.during(call.args, () => handle(call)))),
  })
  handlers = {
    ...fileHandlers(guard, patches),
    ...networkHandlers(guard),
    ...processHandlers(guard, patches),
  }
  watchLateModules(guard, patches)
  for (const held of calls.early.splice(0)) {
    const opened = held.deref()
    if (opened instanceof Server) guard.peers.addServer(opened)
    else if (opened !== undefined) guard.peers.addSocket(opened as DatagramSocket)
  }
  state.guard = guard
  return guard
}
