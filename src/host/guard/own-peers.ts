import type { Socket as DatagramSocket } from 'node:dgram'
import type { Server } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Where a connection or a message goes. */
export interface Address {
  host: string
  port: number
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::|)$/i

/** Servers and sockets of this process that listen: what is sent to them is rolled back with it. */
export class OwnPeers {
  readonly #servers = new Set<WeakRef<Server>>()
  readonly #sockets = new Set<WeakRef<DatagramSocket>>()

  addServer(server: Server): void {
    this.#servers.add(new WeakRef(server))
  }

  addSocket(socket: DatagramSocket): void {
    this.#sockets.add(new WeakRef(socket))
  }

  /** A server of this process listens there. */
  hasServer(address: Address | string): boolean {
    for (const server of live(this.#servers)) {
      const own = server.address()
      if (own === null) continue
      if (typeof own === 'string' ? own === address : isThere(address, own.port)) return true
    }
    return false
  }

  hasSocket(address: Address): boolean {
    for (const socket of live(this.#sockets)) {
      try {
        if (isThere(address, socket.address().port)) return true
      } catch {
        // Not bound, or closed.
      }
    }
    return false
  }
}

function* live<T extends object>(set: Set<WeakRef<T>>): Generator<T> {
  for (const held of set) {
    const value = held.deref()
    if (value === undefined) set.delete(held)
    else yield value
  }
}

function isThere(address: Address | string, port: number): boolean {
  return typeof address !== 'string' && address.port === port && isOfThisMachine(address.host)
}

function isOfThisMachine(host: string): boolean {
  if (LOOPBACK.test(host)) return true
  const own = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  return own.some(({ address }) => address === host)
}
