const FILE = 'test/kinds/objects.mjs'

/** @type {import('./table.ts').KindGroup} */
export const objects = {
  title: 'Objects',
  kinds: {
    object: {
      state: 'properties of an object, and their order',
      change: 'written, added, deleted',
      make() {
        const cart = { tea: 1, milk: { litres: 2 } }
        const { milk } = cart
        return () => {
          cart.tea++
          milk.litres *= 2
          cart.bread = Object.keys(cart).length
          delete cart.milk
          return [cart, Object.keys(cart)]
        }
      },
      seen: [{ tea: 2, bread: 2 }, ['tea', 'bread']],
    },

    records: {
      state: 'many objects of one shape',
      change: 'written, given another shape, referred to one another',
      make() {
        const rows = Array.from({ length: 20 }, (_, id) => ({ id, name: `row ${id}`, next: null }))
        return () => {
          rows[3].name += '!'
          rows[5].next = rows[3]
          rows[7].extra = true
          delete rows[9].id
          rows[11][0] = 'element'
          return [rows[3].name, rows[5].next === rows[3], Object.keys(rows[7]), rows[9], rows[11][0]]
        }
      },
      seen: ['row 3!', true, ['id', 'name', 'next', 'extra'], { name: 'row 9', next: null }, 'element'],
    },

    dictionary: {
      state: 'an object with hundreds of properties',
      change: 'emptied and filled',
      make() {
        const words = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`word ${i}`, i]))
        return () => {
          const before = Object.keys(words)
          for (const word of before) delete words[word]
          words.last = 1
          return [before.length, before[0], before[299], words]
        }
      },
      seen: [300, 'word 0', 'word 299', { last: 1 }],
    },

    numbers: {
      state: '`-0`, `NaN`, `bigint`, symbols as values and as keys',
      change: 'written',
      make() {
        const key = Symbol('key')
        const values = { zero: -0, none: Number.NaN, large: 2n ** 70n, [key]: key }
        return () => {
          const before = [Object.is(values.zero, -0), values.none, `${values.large}`, values[key] === key]
          Object.assign(values, { zero: 0, none: 1, large: 1n, [key]: null })
          return before
        }
      },
      seen: [true, null, `${2n ** 70n}`, true],
    },

    attributes: {
      state: 'attributes and accessors',
      change: 'defined anew',
      make() {
        const record = {
          open: 1,
          get sum() {
            return 3
          },
        }
        return () => {
          const before = [Object.keys(record), record.sum]
          Object.defineProperty(record, 'open', { enumerable: false, writable: false })
          Object.defineProperty(record, 'sum', { value: 4 })
          Object.defineProperty(record, 'hidden', { get: () => 5, configurable: true })
          return [...before, Object.keys(record), record.sum, record.hidden]
        }
      },
      seen: [['open', 'sum'], 3, ['sum'], 4, 5],
    },

    prototype: {
      state: 'the prototype of an object, methods of classes',
      change: 'replaced',
      make() {
        class Animal {
          speak() {
            return 'nothing'
          }
        }
        class Cat extends Animal {}
        const cat = new Cat()
        return () => {
          const before = [cat instanceof Animal, cat.speak()]
          Animal.prototype.speak = () => 'something'
          const after = cat.speak()
          Object.setPrototypeOf(Cat.prototype, null)
          return [...before, after, cat instanceof Animal]
        }
      },
      seen: [true, 'nothing', 'something', false],
    },

    array: {
      state: 'arrays, holes in them, their length',
      change: 'sorted, longer, shorter',
      make() {
        const list = [3, 1, 2]
        const sparse = [1, 2, 3]
        delete sparse[1]
        return () => {
          list.sort()
          list.push(list.length)
          list[6] = 7
          const before = 1 in sparse
          sparse[1] = 2
          sparse.length = 2
          return [list, before, sparse]
        }
      },
      seen: [[1, 2, 3, 3, null, null, 7], false, [1, 2]],
    },

    arrayProperties: {
      state: 'properties of arrays, subclasses of `Array`',
      change: 'written, added',
      make() {
        class Stack extends Array {
          pops = 0
        }
        const stack = Stack.of(1, 2)
        const found = /b/.exec('abc')
        return () => {
          stack.pops += stack.pop()
          found.index++
          found.extra = 'added'
          return [stack, stack.pops, found.index, Object.keys(found)]
        }
      },
      seen: [[1], 2, 2, ['0', 'index', 'input', 'groups', 'extra']],
    },

    error: {
      state: '`Error`',
      change: 'message, cause and fields written',
      make() {
        const error = new RangeError('none left', { cause: { tries: 1 } })
        return () => {
          error.message += '!'
          error.cause.tries++
          error.code = 'E'
          delete error.stack
          return [error.message, error.cause, error.code, error.stack ?? 'no stack']
        }
      },
      seen: ['none left!', { tries: 2 }, 'E', 'no stack'],
    },

    boxed: {
      state: 'boxed primitives, `arguments`',
      change: 'given properties, written',
      make() {
        const text = Object('ab')
        const given = (function () {
          // biome-ignore lint/complexity/noArguments: this is the kind of state
          return arguments
        })(1, 2)
        return () => {
          text.extra = (text.extra ?? 0) + 1
          given[0]++
          given.length--
          return [text.extra, text.length, given[0], given.length]
        }
      },
      seen: [1, 2, 2, 1],
    },

    date: {
      state: '`Date`',
      change: 'set',
      make() {
        const date = new Date(0)
        return () => {
          date.setUTCFullYear(date.getUTCFullYear() + 1)
          return date.toISOString()
        }
      },
      seen: '1971-01-01T00:00:00.000Z',
    },

    pattern: {
      state: '`RegExp`: `lastIndex`',
      change: 'moved by a search',
      make() {
        const pattern = /a/g
        return () => {
          pattern.test('aaa')
          return pattern.lastIndex
        }
      },
      seen: 1,
    },

    compiled: {
      state: '`RegExp`: the pattern',
      change: 'compiled anew (`RegExp.prototype.compile`)',
      make() {
        const pattern = /a/g
        return () => {
          const before = pattern.source
          pattern.compile('b', 'i')
          return [before, `${pattern}`]
        }
      },
      seen: ['a', '/b/i'],
    },

    frozen: {
      state: 'what is frozen or sealed in the setup',
      change: 'what it refers to is written',
      make() {
        const config = Object.freeze({ limits: { users: 1 }, list: [1] })
        const sealed = Object.seal({ open: true })
        return () => {
          config.limits.users++
          config.list.push(2)
          sealed.open = !sealed.open
          return [config, sealed]
        }
      },
      seen: [{ limits: { users: 2 }, list: [1, 2] }, { open: false }],
    },

    freezing: {
      state: 'an object',
      change: 'frozen, sealed or made non-extensible',
      make() {
        const record = { open: 1 }
        return () => {
          const before = Object.isFrozen(record)
          Object.freeze(record)
          return [before, Object.isFrozen(record)]
        }
      },
      seen: [false, true],
      refused: {
        to: 'run',
        path: `${FILE} › make() › record`,
        why: 'its property "open" was made unwritable (and 1 more)',
      },
    },

    fixing: {
      state: 'an object',
      change: 'given a property that is not configurable',
      make() {
        const record = { open: 1 }
        return () => {
          const before = 'fixed' in record
          Object.defineProperty(record, 'fixed', { value: 2 })
          return [before, record.fixed]
        }
      },
      seen: [false, 2],
      refused: {
        to: 'run',
        path: `${FILE} › make() › record`,
        why: 'a property "fixed" was added that can\'t be removed',
      },
    },
  },
}
