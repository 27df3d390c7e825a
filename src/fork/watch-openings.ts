import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import { captureStack } from '../call-site.ts'

/** Something that user code has opened, and the stack of the call. */
export interface Opening<T extends object> {
  opened: T
  stack: { stack?: string }
}

/** Openings that are forgotten when what was opened is collected, or has ended. */
class Openings<T extends object> {
  readonly #isLive: (opened: T) => boolean
  #entries: Array<{ opened: WeakRef<T>; stack: { stack?: string } }> = []
  #limit = 64

  constructor(isLive: (opened: T) => boolean) {
    this.#isLive = isLive
  }

  add(opened: T, below: (...args: never[]) => unknown): void {
    this.#entries.push({ opened: new WeakRef(opened), stack: captureStack(below) })
    if (this.#entries.length < this.#limit) return
    this.live()
    this.#limit = Math.max(64, 2 * this.#entries.length)
  }

  live(): Opening<T>[] {
    const live: Opening<T>[] = []
    this.#entries = this.#entries.filter(({ opened, stack }) => {
      const value = opened.deref()
      if (value === undefined || !this.#isLive(value)) return false
      live.push({ opened: value, stack })
      return true
    })
    return live
  }
}

export interface OpeningsWatch {
  /** Sockets of clients. */
  sockets(): Opening<Socket>[]
  /** Child processes that have not ended. */
  processes(): Opening<ChildProcess>[]
}

/** From Node 22 on every client's socket is published; before, only those that `net.connect()` makes. */
const isEachConnectPublished = Number(process.versions.node.split('.')[0]) >= 22

/** Keeps a list of the connections and child processes that are opened from now on. */
export function watchOpenings(): OpeningsWatch {
  const sockets = new Openings<Socket>(socket => !socket.destroyed)
  const processes = new Openings<ChildProcess>(
    child => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
  )
  // Published by its constructor, before it has a pid.
  const noteProcess = (message: unknown): void =>
    processes.add((message as { process: ChildProcess }).process, noteProcess)
  subscribe('child_process', noteProcess)
  const noteSocket = (message: unknown): void =>
    sockets.add((message as { socket: Socket }).socket, noteSocket)
  if (isEachConnectPublished) subscribe('net.client.socket', noteSocket)
  else wrapConnect(socket => sockets.add(socket, Socket.prototype.connect))
  return { sockets: () => sockets.live(), processes: () => processes.live() }
}

function wrapConnect(note: (socket: Socket) => void): void {
  const { connect } = Socket.prototype
  Socket.prototype.connect = Object.defineProperties(function (this: Socket, ...args: never) {
    note(this)
    return connect.apply(this, args)
  }, Object.getOwnPropertyDescriptors(connect)) as typeof connect
}
