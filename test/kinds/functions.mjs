import { raiseTotal, readTotal, total } from '../engine-scripts/stateful-module.mjs'

const FILE = 'test/kinds/functions.mjs'
const POSITION = 'whose position can not be put back'

/** @type {import('./table.ts').KindGroup} */
export const functions = {
  title: 'Variables, functions and proxies',
  kinds: {
    moduleVariable: {
      state: 'variables of modules',
      change: 'assigned, seen through imports',
      make: () => () => {
        raiseTotal()
        return [total, readTotal()]
      },
      seen: [1, 1],
    },

    closure: {
      state: 'variables of functions, of blocks and of turns of a loop',
      change: 'assigned',
      make() {
        let count = 0
        const turns = []
        for (let turn = 0; turn < 2; turn++) turns.push(() => ++turn)
        const counter = (
          start => () =>
            ++start
        )(10)
        return () => [++count, turns[0](), turns[1](), counter()]
      },
      seen: [1, 1, 2, 11],
    },

    rebound: {
      state: 'functions and classes that are declared',
      change: 'assigned to their names',
      make() {
        // biome-ignore lint/suspicious/noFunctionAssign: this is the change
        function greet() {
          return 'hello'
        }
        class Box {}
        return () => {
          const before = [greet(), new Box() instanceof Box, Box.name]
          greet = () => 'bye'
          // biome-ignore lint/suspicious/noClassAssign: this is the change
          Box = class Other {}
          return [...before, greet(), Box.name]
        }
      },
      seen: ['hello', true, 'Box', 'bye', 'Other'],
    },

    privateField: {
      state: 'private fields, of instances and static',
      change: 'assigned',
      make() {
        class Account {
          static #opened = 0
          #balance = 10
          draw() {
            Account.#opened++
            this.#balance -= 3
            return [Account.#opened, this.#balance]
          }
        }
        const account = new Account()
        return () => account.draw()
      },
      seen: [1, 7],
    },

    functionProperties: {
      state: 'properties of functions, their `prototype` and name',
      change: 'written, replaced',
      make() {
        function plain() {}
        const tagged = Object.assign(() => {}, { calls: 0 })
        return () => {
          tagged.calls++
          plain.added = (plain.added ?? 0) + 1
          const before = [typeof plain.prototype.extra, plain.name]
          plain.prototype = { extra: 1 }
          Object.defineProperty(plain, 'name', { value: 'renamed' })
          return [...before, tagged.calls, plain.added, plain.name]
        }
      },
      seen: ['undefined', 'plain', 1, 1, 'renamed'],
    },

    bound: {
      state: 'bound functions: what they are bound to',
      change: 'written by a call',
      make() {
        const count = function (step, by) {
          this.n += step.size * by
          return this.n
        }.bind({ n: 0 }, { size: 2 })
        return () => count(3)
      },
      seen: 6,
    },

    proxy: {
      state: 'proxies: target and handler',
      change: 'written through the proxy and past it',
      make() {
        const target = { a: 1 }
        const handler = {
          reads: 0,
          get(object, key) {
            this.reads++
            return object[key]
          },
        }
        const proxy = new Proxy(target, handler)
        return () => {
          proxy.b = proxy.a + 1
          target.a = 5
          handler.extra = 1
          return [target, proxy.a, handler.reads]
        }
      },
      seen: [{ a: 5, b: 2 }, 5, 2],
      withoutNatives: {
        to: 'take',
        path: `${FILE} › make() › proxy`,
        why: 'it is a proxy, which V8 does not let be looked into here',
      },
    },

    definedThrough: {
      state: 'what a proxy stands for',
      change: 'given a property that is not listed, through the proxy',
      make() {
        const target = { a: 1 }
        const proxy = new Proxy(target, {})
        return () => {
          const wasDefined = 'hidden' in target
          Object.defineProperty(proxy, 'hidden', { value: 1, configurable: true })
          return [wasDefined, target.hidden]
        }
      },
      seen: [false, 1],
      withoutNatives: {
        to: 'take',
        path: `${FILE} › make() › proxy`,
        why: 'it is a proxy, which V8 does not let be looked into here',
      },
    },

    revoked: {
      state: 'a proxy',
      change: 'revoked',
      make() {
        const { proxy, revoke } = Proxy.revocable({ a: 1 }, {})
        return () => {
          const before = proxy.a
          revoke()
          return before
        }
      },
      seen: 1,
      refused: { to: 'run', path: `${FILE} › make() › proxy`, why: 'it is a proxy that has been revoked' },
      withoutNatives: {
        to: 'take',
        path: `${FILE} › make() › proxy`,
        why: 'it is a proxy, which V8 does not let be looked into here',
      },
    },

    generator: {
      state: 'a generator that is under way',
      change: 'taken from',
      make() {
        function* countUp() {
          for (let i = 1; ; i++) yield i
        }
        const numbers = countUp()
        numbers.next()
        return () => [numbers.next().value, numbers.next().value]
      },
      seen: [2, 3],
      refused: { to: 'take', path: `${FILE} › make() › numbers`, why: `it is a generator, ${POSITION}` },
    },

    endedGenerator: {
      state: 'a generator that has ended',
      change: 'given a property',
      make() {
        function* countUp() {
          yield 1
        }
        const numbers = countUp()
        const first = [...numbers]
        return () => {
          const seen = [first.length, numbers.next().done, numbers.extra]
          numbers.extra = first.push(2)
          return seen.map(value => value ?? null)
        }
      },
      seen: [1, true, null],
    },

    asyncGenerator: {
      state: 'an asynchronous generator',
      change: 'taken from',
      make() {
        async function* countUp() {
          for (let i = 1; ; i++) yield i
        }
        const numbers = countUp()
        return async () => [(await numbers.next()).value, (await numbers.next()).value]
      },
      seen: [1, 2],
      refused: { to: 'take', path: `${FILE} › make() › numbers`, why: `it is a generator, ${POSITION}` },
    },

    iterator: {
      state: 'an iterator of an array, a string, matches of a pattern',
      change: 'taken from',
      make() {
        const items = [1, 2, 3].values()
        items.next()
        return () => [items.next().value, items.next().value]
      },
      seen: [2, 3],
      refused: { to: 'take', path: `${FILE} › make() › items`, why: `it is an iterator, ${POSITION}` },
    },

    mapIterator: {
      state: 'an iterator of a `Map` or a `Set`',
      change: 'taken from',
      make() {
        const items = new Set([1, 2, 3]).values()
        return () => [items.next().value, items.next().value]
      },
      seen: [1, 2],
      refused: { to: 'take', path: `${FILE} › make() › items`, why: `it is an iterator, ${POSITION}` },
    },
  },
}
