import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { nameOf, onProperties } from './changes.mjs'

/** So long that it never fires. */
const NEVER = 2 ** 30

export const later = {
  resolved: {
    build: t => Promise.resolve(t.pick([t.value(), { n: t.value() }])),
    changes: [
      async x => {
        const { value } = await x.then(value => ({ value }))
        value.changed = 1
      },
      (x, t) => {
        x[nameOf(t)] = t.value()
      },
    ],
    reads: [x => x],
  },

  rejected: {
    build: () => {
      const promise = Promise.reject(Object.assign(new Error('r'), { tries: 0 }))
      promise.catch(() => {})
      return promise
    },
    changes: [
      x =>
        x.catch(error => {
          error.tries++
        }),
    ],
    reads: [x => x.catch(error => error.tries)],
  },

  chained: {
    build: t => Promise.resolve(t.int(9)).then(n => ({ n })),
    changes: [
      async x => {
        const held = await x
        held.n++
      },
    ],
    reads: [x => x],
  },

  asyncCounter: {
    build: () => {
      const queue = []
      return async value => {
        await null
        queue.push(value)
        return queue.length
      }
    },
    changes: [x => x(1), x => Promise.all([x(1), x(2)])],
    reads: [x => x(0)],
  },

  pending: {
    build: (_, own) => {
      own.seen = []
      const { seen } = own
      const promise = new Promise(resolve => {
        own.settle = resolve
      })
      promise.then(value => seen.push(value))
      return promise
    },
    changes: [x => x.then(() => {}) && null],
    reads: [x => Promise.race([x, 'pending'])],
    forGood: [
      [
        /settled/,
        async (_, t, own) => {
          own.settle(t.int(9))
          await null
        },
      ],
    ],
  },

  suspended: {
    build: (_, own) => {
      own.seen = []
      const { seen } = own
      const run = async () => {
        let n = 0
        await new Promise(resolve => {
          own.proceed = resolve
        })
        n++
        seen.push(n)
        return n
      }
      return run()
    },
    changes: [
      (_, t, own) => {
        own.seen.push(t.int(9))
      },
    ],
    forGood: [
      [
        /settled/,
        async (_, __, own) => {
          own.proceed()
          await null
          await null
        },
      ],
    ],
  },

  timer: {
    build: t => (t.int(2) ? setInterval(() => {}, NEVER) : setTimeout(() => {}, NEVER)),
    changes: [x => clearTimeout(x), x => x.refresh(), x => x.close()],
    reads: [x => x._destroyed],
    end: x => clearTimeout(x),
  },

  storage: {
    build: t => {
      const storage = new AsyncLocalStorage()
      return Object.assign(storage, { held: { n: t.int(9) } })
    },
    changes: [x => x.run(x.held, () => x.getStore().n++), x => x.held.n++],
    reads: [x => x.run(x.held, () => x.getStore().n)],
    end: x => x?.disable?.(),
  },

  url: {
    build: t => new URL(`http://host/${nameOf(t)}?a=1`),
    changes: [
      x => {
        x.pathname = '/changed'
      },
      x => x.searchParams.append('b', '2'),
      x => {
        x.hash = 'x'
      },
    ],
    reads: [x => x.href, x => String(x.searchParams)],
  },

  query: {
    build: () => new URLSearchParams('a=1&b=2'),
    changes: [x => x.append('c', '3'), x => x.delete('a'), x => x.sort()],
    reads: [x => String(x)],
  },

  headers: {
    build: () => new Headers({ a: '1' }),
    changes: [x => x.append('b', '2'), x => x.delete('a')],
    reads: [x => JSON.stringify([...x])],
  },

  form: {
    build: () => {
      const form = new FormData()
      form.set('a', '1')
      return form
    },
    changes: [x => x.append('b', '2'), x => x.delete('a')],
    reads: [x => JSON.stringify([...x])],
  },

  eventTarget: {
    build: (_, own) => {
      own.heard = []
      const { heard } = own
      const target = new EventTarget()
      target.addEventListener('e', () => heard.push(1))
      return target
    },
    changes: [
      x => x.dispatchEvent(new Event('e')),
      (x, _, own) => {
        const { heard } = own
        x.addEventListener('e', () => heard.push(2))
      },
    ],
    reads: [
      (x, own) => {
        x.dispatchEvent(new Event('e'))
        return own.heard.length
      },
    ],
  },

  abort: {
    build: () => new AbortController(),
    changes: [x => x.abort('why'), x => x.signal.addEventListener('abort', () => {})],
    reads: [x => x.signal.aborted, x => x.signal.reason],
  },

  hash: {
    build: () => createHash('sha256').update('a'),
    changes: [x => x.update('b')],
    reads: [x => x.copy().digest('hex')],
    refused: /Hash/,
  },

  anything: { build: t => t.value(), changes: onProperties },
}
