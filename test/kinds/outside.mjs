import { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer, Socket } from 'node:net'

const FILE = 'test/kinds/outside.mjs'
const OUTSIDE = 'which stands for something outside JavaScript'

/** @type {import('./table.ts').KindGroup} */
export const outside = {
  title: 'Objects of the web and of Node',
  kinds: {
    url: {
      state: '`URL`, `URLSearchParams`, subclasses',
      change: 'written',
      make() {
        class Address extends URL {
          visits = 0
        }
        const url = new URL('http://host/path?a=1')
        const address = new Address('http://other/')
        const query = new URLSearchParams('a=1&b=2')
        return () => {
          url.pathname += '/more'
          url.searchParams.append('b', '2')
          address.host = 'third'
          query.append('a', '3')
          return [url.href, address.href, ++address.visits, `${query}`]
        }
      },
      seen: ['http://host/path/more?a=1&b=2', 'http://third/', 1, 'a=1&b=2&a=3'],
    },

    headers: {
      state: '`Headers`, `FormData`',
      change: 'written',
      make() {
        const headers = new Headers({ accept: 'all' })
        const form = new FormData()
        form.set('user', 'ada')
        return () => {
          headers.set('accept', `${headers.get('accept')}, more`)
          form.append('user', 'bob')
          return [headers.get('accept'), form.getAll('user')]
        }
      },
      seen: ['all, more', ['ada', 'bob']],
    },

    aborted: {
      state: '`AbortController` and its signal',
      change: 'aborted',
      make() {
        const controller = new AbortController()
        return () => {
          const before = controller.signal.aborted
          controller.abort()
          return [before, controller.signal.aborted]
        }
      },
      seen: [false, true],
    },

    body: {
      state: '`Request`, `Response`',
      change: 'its body read',
      make() {
        const response = new Response('text')
        return async () => [response.bodyUsed, await response.text(), response.bodyUsed]
      },
      seen: [false, 'text', true],
      refused: { to: 'run', path: `${FILE} › make() › response`, why: 'its body has been read' },
      onNode20: {
        to: 'run',
        path: `${FILE} › make() › response[Symbol(state)].body.stream[Symbol(nodejs.webstream.isClosedPromise)].promise`,
        why: 'it was pending at the checkpoint, and has been settled',
      },
    },

    stream: {
      state: '`ReadableStream`',
      change: 'read from',
      make() {
        const stream = new ReadableStream({ start: controller => controller.enqueue('chunk') })
        return async () => {
          const before = stream.locked
          return [before, (await stream.getReader().read()).value]
        }
      },
      seen: [false, 'chunk'],
    },

    server: {
      state: 'a server',
      change: 'any',
      make() {
        const server = createServer()
        return () => {
          server.maxConnections = (server.maxConnections ?? 0) + 1
          return server.maxConnections
        }
      },
      seen: 1,
      refused: { to: 'take', path: `${FILE} › make() › server`, why: `it is a server, ${OUTSIDE}` },
    },

    socket: {
      state: 'a connection',
      change: 'any',
      make() {
        const socket = new Socket()
        return () => {
          socket.label = (socket.label ?? 0) + 1
          return socket.label
        }
      },
      seen: 1,
      refused: { to: 'take', path: `${FILE} › make() › socket`, why: `it is a connection, ${OUTSIDE}` },
    },

    child: {
      state: 'a child process',
      change: 'any',
      make() {
        const child = new ChildProcess()
        return () => {
          child.label = (child.label ?? 0) + 1
          return child.label
        }
      },
      seen: 1,
      refused: { to: 'take', path: `${FILE} › make() › child`, why: `it is a child process, ${OUTSIDE}` },
    },

    native: {
      state: 'an object of native code',
      change: 'any',
      make() {
        const hash = createHash('sha256').update('a')
        return () => {
          hash.update('b')
          return hash.copy().digest('hex').slice(0, 8)
        }
      },
      seen: 'fb8e20fc',
      refused: {
        to: 'take',
        path: `${FILE} › make() › hash[Symbol(kHandle)]`,
        why: `it is an object of native code (Hash), ${OUTSIDE}`,
      },
    },
  },
}
