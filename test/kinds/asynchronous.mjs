import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'

const FILE = 'test/kinds/asynchronous.mjs'

/** @type {import('./table.ts').KindGroup} */
export const asynchronous = {
  title: 'What happens later',
  kinds: {
    settled: {
      state: 'a promise that is settled: its value, or its reason',
      change: 'written',
      make() {
        const ready = Promise.resolve({ rows: 1 })
        const broken = Promise.reject(new RangeError('none'))
        broken.catch(() => {})
        return async () => {
          const { message } = await broken.catch(error =>
            Object.assign(error, { message: `${error.message}!` }),
          )
          return [++(await ready).rows, message]
        }
      },
      seen: [2, 'none!'],
    },

    waiting: {
      state: 'a promise that is pending',
      change: 'waited for, not settled',
      make() {
        const never = new Promise(() => {})
        let waits = 0
        return () => {
          never.then(() => waits++)
          return ++waits
        }
      },
      seen: 1,
    },

    settling: {
      state: 'a promise that is pending',
      change: 'settled',
      make() {
        let settle
        const promise = new Promise(resolve => {
          settle = resolve
        })
        let calls = 0
        promise.then(() => calls++)
        return async () => {
          const before = await Promise.race([promise, 'pending'])
          settle('settled')
          return [before, await promise, calls]
        }
      },
      seen: ['pending', 'settled', 1],
      refused: {
        to: 'run',
        path: `${FILE} › make() › promise`,
        why: 'it was pending at the checkpoint, and has been settled',
      },
    },

    suspended: {
      state: 'a call of an asynchronous function that waits',
      change: 'let go on',
      make() {
        let proceed
        const steps = []
        const call = (async () => {
          await new Promise(resolve => {
            proceed = resolve
          })
          steps.push('on')
        })()
        return async () => {
          proceed()
          await call
          return steps
        }
      },
      seen: ['on'],
      refused: {
        to: 'run',
        path: `${FILE} › make() › call`,
        why: 'it was pending at the checkpoint, and has been settled',
      },
    },

    timers: {
      state: 'timers and intervals',
      change: 'run out, cleared',
      make() {
        let ticks = 0
        const interval = setInterval(() => {
          ticks++
          if (ticks === 2) clearInterval(interval)
        }, 5)
        return async () => {
          while (ticks < 2) await new Promise(resolve => setTimeout(resolve, 1))
          return ticks++
        }
      },
      seen: 2,
    },

    asyncContext: {
      state: '`AsyncLocalStorage`: the store, and which one is current',
      change: 'written, entered',
      make() {
        const storage = new AsyncLocalStorage()
        storage.enterWith({ user: 'ada', reads: 0 })
        return () => {
          const { user } = storage.getStore()
          const reads = ++storage.getStore().reads
          storage.enterWith({ user: 'bob' })
          return [user, reads, storage.getStore().user]
        }
      },
      seen: ['ada', 1, 'bob'],
    },

    emitter: {
      state: 'listeners of an `EventEmitter` and an `EventTarget`',
      change: 'called, added, removed',
      make() {
        const emitter = new EventEmitter()
        const target = new EventTarget()
        const heard = []
        emitter.on('news', text => heard.push(text))
        target.addEventListener('news', () => heard.push('target'), { once: true })
        return () => {
          target.dispatchEvent(new Event('news'))
          target.dispatchEvent(new Event('news'))
          emitter.emit('news', `${emitter.listenerCount('news')} listener`)
          emitter.removeAllListeners('news')
          return [...heard, emitter.listenerCount('news')]
        }
      },
      seen: ['target', '1 listener', 0],
    },
  },
}
