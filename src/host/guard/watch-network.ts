import type { Socket as DatagramSocket } from 'node:dgram'
import net, { type Server, type Socket } from 'node:net'
import type { Call } from '../patches.ts'
import { type Stack, stackBelow } from './call-records.ts'
import { readFrames } from './callers.ts'
import { type Handlers, original } from './handlers.ts'
import { HostGuard } from './host-guard.ts'
import type { Address } from './own-peers.ts'

/** A request that connects later, when no line of user code is under way. */
interface Request {
  call: string
  to: Address
  stack: Stack
}

const FETCH_FRAMES = 10

/** No more is remembered of requests than of those that may be waiting to connect. */
const REMEMBERED = 32

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 }

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

/** The connections to other processes that tests make, or use. */
class Connections {
  readonly #guard: HostGuard
  readonly #requests: Request[] = []
  /** Sockets whose connection has been judged. */
  readonly #known = new WeakSet<Socket>()

  constructor(guard: HostGuard) {
    this.#guard = guard
  }

  remember(call: string, target: unknown, below: Call): void {
    const to = addressOfUrl(target)
    if (to === null) return
    this.#requests.push({ call, to, stack: stackBelow(below) })
    if (this.#requests.length > REMEMBERED) this.#requests.shift()
  }

  note(socket: Socket, args: readonly unknown[], below: Call): void {
    this.#known.add(socket)
    const to = addressOfConnect(args)
    if (to === null) return
    const resource = typeof to === 'string' ? to : `${to.host}:${to.port}`
    const origin = isOfFetch(below) ? this.#findRequest(to) : undefined
    const call = {
      call: origin?.call ?? 'net.Socket.prototype.connect',
      effect: 'net.connect',
      resource,
    } as const
    this.#guard.open(
      {
        ...call,
        kind: 'connection',
        what: `a connection to ${resource}`,
        isOpen: () => !socket.destroyed && !socket.writableEnded,
        close: () => socket.destroy(),
        of: socket,
      },
      below,
      origin?.stack,
    )
    if (this.#guard.peers.hasServer(to)) return
    let isConnected = false
    socket.once('connect', () => {
      isConnected = true
    })
    const hasHappened = (): boolean => isConnected
    this.#guard.report({ ...call, nature: 'unsafe', hasHappened }, below, { origin: origin?.stack })
  }

  /** Over a connection that was there before the test. */
  noteWrite(socket: Socket, below: Call): void {
    if (this.#known.has(socket)) return
    this.#known.add(socket)
    const { remoteAddress, remotePort } = socket
    // Standard streams, pipes to child processes, and the ends that a server of this process has accepted.
    if (remoteAddress === undefined || remotePort === undefined || 'server' in socket) return
    if (this.#guard.peers.hasServer({ host: remoteAddress, port: remotePort })) return
    this.#guard.report(
      {
        call: 'net.Socket.prototype.write',
        effect: 'net.connect',
        nature: 'unsafe',
        resource: `${remoteAddress}:${remotePort}`,
      },
      below,
    )
  }

  #findRequest(to: Address | string): Request | undefined {
    if (typeof to === 'string') return undefined
    return this.#requests.findLast(({ to: { host, port } }) => host === to.host && port === to.port)
  }
}

/** Who fetches connects by way of a client that is part of Node, and maybe later. */
function isOfFetch(below: Call): boolean {
  return readFrames(below, FETCH_FRAMES).some(({ file }) => file.startsWith('node:internal/deps/undici'))
}

function addressOfUrl(target: unknown): Address | null {
  const text = typeof target === 'object' && target !== null && 'url' in target ? target.url : target
  const url = URL.canParse(String(text)) ? new URL(String(text)) : null
  const port = url === null ? undefined : Number(url.port || DEFAULT_PORTS[url.protocol])
  return url === null || !port ? null : { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

type Normalise = (args: readonly unknown[]) => [options: { path?: unknown; port?: unknown; host?: unknown }]

/** Of the arguments of `connect`, in all their forms; a text for a socket with a path. */
function addressOfConnect(args: readonly unknown[]): Address | string | null {
  const { _normalizeArgs: normalise } = net as unknown as { _normalizeArgs?: Normalise }
  const [options] = Array.isArray(args[0]) ? (args[0] as ReturnType<Normalise>) : (normalise?.(args) ?? [{}])
  const { path, port, host = 'localhost' } = options
  if (typeof path === 'string' && path !== '') return path
  return port === undefined ? null : { host: String(host), port: Number(port) }
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
    port: Number(numbers.at(-1)),
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
