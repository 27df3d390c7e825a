import { errorMonitor } from 'node:events'
import net, { type Socket } from 'node:net'
import type { Call } from '../patches.ts'
import { type Stack, stackBelow } from './call-records.ts'
import { type Frame, isOfNode, isOwn, readFrames } from './callers.ts'
import type { HostGuard } from './host-guard.ts'
import type { Address } from './own-peers.ts'

/** A request that connects later, when no line of user code is under way. */
interface Request {
  call: string
  to: Address
  stack: Stack
  /** Another socket has connected for it. */
  isPassedOn: boolean
}

const FRAMES = 40

const CONNECT = 'net.Socket.prototype.connect'

/** No more is remembered of requests than of those that may be waiting to connect. */
const REMEMBERED = 32

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 }

/** The connections to other processes that tests make, or use. */
export class Connections {
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
    this.#add({ call, to, stack: stackBelow(below), isPassedOn: false })
  }

  note(socket: Socket, args: readonly unknown[], below: Call): void {
    this.#known.add(socket)
    const to = addressOfConnect(args)
    if (to === null) return
    const { origin, own } = this.#findOrigin(to, below)
    const resource = typeof to === 'string' ? to : `${to.host}:${to.port}`
    const call = { call: origin?.call ?? CONNECT, effect: 'net.connect', resource } as const
    const isOpen = (): boolean =>
      !socket.destroyed && !socket.writableEnded && (socket.connecting || isOfSystem(socket))
    const what = `a connection to ${resource}`
    const handle = {
      ...call,
      kind: 'connection',
      what,
      isOpen,
      close: () => socket.destroy(),
      of: socket,
    } as const
    this.#guard.open(handle, below, origin?.stack)
    if (this.#guard.peers.hasServer(to)) return
    if (this.#guard.isolation?.hasNetwork) socket.once(errorMonitor as unknown as 'error', explainUnreachable)
    let isConnected = false
    socket.once('connect', () => {
      isConnected = isOfSystem(socket)
      if (isConnected && origin !== undefined) origin.isPassedOn = true
    })
    const hasHappened = (): boolean => isConnected && own?.isPassedOn !== true
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

  /** What led to a connection that is made when no line of the project is under way. */
  #findOrigin(to: Address | string, below: Call): { origin?: Request | undefined; own?: Request } {
    if (typeof to === 'string') return {}
    const frames = readFrames(below, FRAMES)
    const isOfFetch = frames.some(({ file }) => file.startsWith('node:internal/deps/undici'))
    if (!isOfFetch && frames.some(isOfProject)) {
      const own = { call: CONNECT, to, stack: stackBelow(below), isPassedOn: false }
      this.#add(own)
      return { own }
    }
    const origin = this.#requests.findLast(
      ({ call, to: { host, port } }) =>
        host === to.host && port === to.port && (call === 'fetch' || !isOfFetch),
    )
    return { origin }
  }

  #add(request: Request): void {
    this.#requests.push(request)
    if (this.#requests.length > REMEMBERED) this.#requests.shift()
  }
}

function isOfProject(frame: Frame): boolean {
  return !isOfNode(frame) && !isOwn(frame) && !frame.file.includes('/node_modules/')
}

interface NativeHandle {
  /** Of a connection that is encrypted: what is below. */
  _parent?: NativeHandle
}

/** Whether it is a connection of the system's, once it is made: libraries that answer in the place of others have sockets of their own. */
function isOfSystem(socket: Socket): boolean {
  let { _handle: handle } = socket as { _handle?: NativeHandle | null }
  while (handle?._parent) handle = handle._parent
  const prototype: unknown = handle ? Object.getPrototypeOf(handle) : null
  const { getpeername } = (prototype ?? {}) as { getpeername?(into: object): number }
  // One over a path has none.
  if (getpeername === undefined) return true
  try {
    return getpeername.call(handle, {}) === 0
  } catch {
    return false
  }
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

/** What the system says of an address outside of a network that a test has to itself says nothing of why. */
function explainUnreachable(error: NodeJS.ErrnoException): void {
  if (error.code === 'ENETUNREACH')
    error.message +=
      ", the test has a network of its own, because of forkpoint's option `network: 'loopback'`"
}
