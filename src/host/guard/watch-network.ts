import type { Socket as DatagramSocket } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import type { Call } from '../patches.ts'
import { Connections } from './connections.ts'
import { type Handlers, original } from './handlers.ts'
import { HostGuard } from './host-guard.ts'
import type { Address } from './own-peers.ts'

/** All connections of `node:net` and what is built on it, and messages of `node:dgram`. */
export function networkHandlers(
  guard: HostGuard,
): Pick<Handlers, 'connect' | 'socket-write' | 'fetch' | 'listen' | 'bind' | 'send'> {
  const connections = new Connections(guard)
  const isInTest = (): boolean => guard.phase === 'test' && guard.isWatching
  return {
    connect: call => {
      if (isInTest()) connections.note(call.self as Socket, call.args, call.below)
      return original(call)
    },
    'socket-write': call => {
      if (isInTest()) connections.noteWrite(call.self as Socket, call.below)
      return original(call)
    },
    fetch: call => {
      if (isInTest()) connections.remember('fetch', call.args[0], call.below)
      return original(call)
    },
    listen: call => {
      const server = call.self as Server
      guard.peers.addServer(server)
      if (isInTest()) noteServer(guard, server, call.below)
      return original(call)
    },
    bind: call => {
      const socket = call.self as DatagramSocket
      guard.peers.addSocket(socket)
      if (isInTest()) noteSocket(guard, socket, call.below)
      return original(call)
    },
    send: call => {
      if (isInTest()) noteMessage(guard, call.self as DatagramSocket, call.args, call.below)
      return original(call)
    },
  }
}

function noteServer(guard: HostGuard, server: Server, below: Call): void {
  guard.open(
    {
      kind: 'server',
      what: 'a server',
      call: 'net.Server.prototype.listen',
      effect: 'net.listen',
      resource: '',
      of: server,
      isOpen: () => server.listening,
      close: () => {
        server.close()
        ;(server as Server & { closeAllConnections?(): void }).closeAllConnections?.()
      },
    },
    below,
  )
}

function noteSocket(guard: HostGuard, socket: DatagramSocket, below: Call): void {
  const call = { call: 'dgram.Socket.prototype.bind', effect: 'net.listen', resource: '' } as const
  const isOpen = (): boolean => addressOf(() => socket.address()) !== null
  guard.open(
    { ...call, kind: 'UDP socket', what: 'a UDP socket', isOpen, close: () => socket.close() },
    below,
  )
}

/** `send(message, [offset, length,] [port, [address,]] [callback])` */
function noteMessage(guard: HostGuard, socket: DatagramSocket, args: readonly unknown[], below: Call): void {
  const rest = args.slice(1).filter(arg => typeof arg !== 'function' && arg !== undefined && arg !== null)
  const numbers = rest.filter(arg => typeof arg === 'number')
  const named = rest.find(arg => typeof arg === 'string')
  const to = addressOf(() => socket.remoteAddress()) ?? {
    host: named === undefined ? '127.0.0.1' : String(named),
    port: Number(numbers[numbers.length - 1]),
  }
  // A socket that is not bound yet binds itself, and then sends what was waiting.
  if (!Number.isInteger(to.port) || guard.peers.hasSocket(to) || !HostGuard.isOfUser(below)) return
  guard.report(
    {
      call: 'dgram.Socket.prototype.send',
      effect: 'net.send',
      nature: 'unsafe',
      resource: `${to.host}:${to.port}`,
    },
    below,
  )
}

/** Null where there is none: the socket is not bound, not connected, or closed. */
function addressOf(ask: () => { address: string; port: number }): Address | null {
  try {
    const { address, port } = ask()
    return { host: address, port }
  } catch {
    return null
  }
}
