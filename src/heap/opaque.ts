import { ChildProcess } from 'node:child_process'
import { Socket as UdpSocket } from 'node:dgram'
import { ReadStream, WriteStream } from 'node:fs'
import { ClientRequest, ServerResponse } from 'node:http'
import { Server, Socket } from 'node:net'
import { MessagePort, Worker } from 'node:worker_threads'
import { getPrototypeOf } from './uncurried.ts'

/** Classes of Node whose objects stand for something outside JavaScript: what the object says of it can't be put back alone. */
const OPAQUE: ReadonlyArray<readonly [Class: { prototype: object }, what: string]> = [
  [Server, 'a server'],
  [Socket, 'a connection'],
  [ClientRequest, 'a request'],
  [ServerResponse, 'a response'],
  [UdpSocket, 'a UDP socket'],
  [ChildProcess, 'a child process'],
  [Worker, 'a worker thread'],
  [MessagePort, 'a message port'],
  [ReadStream, 'a stream of a file'],
  [WriteStream, 'a stream of a file'],
]

const byPrototype = new Map<object, string>(OPAQUE.map(([{ prototype }, what]) => [prototype, what]))

/** What the object stands for, or null. */
export function describeOpaque(object: object): string | null {
  for (let at = getPrototypeOf(object); at !== null; at = getPrototypeOf(at)) {
    const what = byPrototype.get(at)
    if (what !== undefined) return what
  }
  return null
}

const probe = setTimeout(() => {}, 0)
clearTimeout(probe)
const immediate = setImmediate(() => {})
clearImmediate(immediate)

/** Prototypes of timers: these are kept in lists of Node's, and are looked after by themselves. */
const TIMERS: ReadonlySet<object | null> = new Set([getPrototypeOf(probe), getPrototypeOf(immediate)])

export function isTimer(object: object): boolean {
  return TIMERS.has(getPrototypeOf(object))
}
