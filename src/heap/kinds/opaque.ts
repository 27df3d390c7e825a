import { ChildProcess } from 'node:child_process'
import { Socket as UdpSocket } from 'node:dgram'
import { ReadStream, WriteStream } from 'node:fs'
import { ClientRequest, ServerResponse } from 'node:http'
import { Server, Socket } from 'node:net'
import { MessagePort, Worker } from 'node:worker_threads'
import { listRealms } from '../realms.ts'
import { getOwnPropertyDescriptor, getPrototypeOf } from '../uncurried.ts'

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

/** Weak, because a context of node:vm has prototypes of its own. */
const byPrototype = new WeakMap<object, string | null>(
  OPAQUE.map(([{ prototype }, what]) => [prototype, what]),
)

/** What the object stands for, or null. */
export function describeOpaque(object: object): string | null {
  for (let at = getPrototypeOf(object); at !== null; at = getPrototypeOf(at)) {
    const known = byPrototype.get(at)
    const what = known === undefined ? describeNative(at) : known
    byPrototype.set(at, what)
    if (what !== null) return what
  }
  return null
}

/**
 * Objects of classes written in C++ keep their state there. Those of the language itself are looked after kind by kind, and so is
 * what the web's classes are: all of these are global variables.
 */
function describeNative(prototype: object): string | null {
  const made: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value
  if (typeof made !== 'function' || !/\{ \[native code\] \}$/.test(sourceOf(made))) return null
  const name = String(getOwnPropertyDescriptor(made, 'name')?.value ?? '')
  const isBuiltIn =
    listRealms().some(({ constructors }) => constructors.has(made)) ||
    name.startsWith('bound ') ||
    name === ''
  return isBuiltIn ? null : `an object of native code (${name})`
}

const sourceOf = (made: object): string => Function.prototype.toString.call(made)

const probe = setTimeout(() => {}, 0)
clearTimeout(probe)
const immediate = setImmediate(() => {})
clearImmediate(immediate)

/** Prototypes of timers: these are kept in lists of Node's, and are looked after by themselves. */
const TIMERS: ReadonlySet<object | null> = new Set([getPrototypeOf(probe), getPrototypeOf(immediate)])

export function isTimer(object: object): boolean {
  return TIMERS.has(getPrototypeOf(object))
}

/** Of a timer: not Node's own, which tells when it is due. */
export function isAddedToTimer(key: PropertyKey): boolean {
  return typeof key === 'string' && !key.startsWith('_')
}
