/** @type {import('./table.ts').KindGroup} */
export const collections = {
  title: 'Collections',
  kinds: {
    map: {
      state: '`Map`, `Set`, and their order',
      change: 'written, added, deleted',
      make() {
        const map = new Map([['a', new Set([1])]])
        return () => {
          map.get('a').add(map.size + 1)
          map.set('b', new Set())
          return [...map].map(([key, set]) => [key, ...set])
        }
      },
      seen: [['a', 1, 2], ['b']],
    },

    keyOrder: {
      state: 'the order of a `Map` and a `Set`',
      change: 'an entry taken out and put in again',
      make() {
        const map = new Map([
          ['a', 1],
          ['b', 2],
        ])
        const set = new Set([1, 2])
        return () => {
          const before = [...map.keys(), ...set]
          for (const each of [map, set]) {
            const [first] = each.keys()
            each.delete(first)
            if (each === map) map.set(first, 1)
            else set.add(first)
          }
          return [before, [...map.keys(), ...set]]
        }
      },
      seen: [
        ['a', 'b', 1, 2],
        ['b', 'a', 2, 1],
      ],
    },

    subclass: {
      state: 'subclasses of `Map` and `Set`, with fields',
      change: 'written through methods of their own',
      make() {
        class Counted extends Map {
          writes = 0
          set(key, value) {
            this.writes = (this.writes ?? 0) + 1
            return super.set(key, value)
          }
        }
        const map = new Counted()
        return () => {
          map.set('a', map.size)
          return [[...map], map.writes]
        }
      },
      seen: [[['a', 0]], 1],
    },

    weakMap: {
      state: '`WeakMap`: entries, and what only an entry leads to',
      change: 'written, added, deleted',
      make() {
        const [key, gone, late] = [{}, {}, {}]
        const weak = new WeakMap([
          [key, { hits: 0 }],
          [gone, 1],
        ])
        return () => {
          const before = [weak.has(gone), weak.has(late)]
          weak.get(key).hits++
          weak.delete(gone)
          weak.set(late, 1)
          return [...before, weak.get(key).hits, weak.has(gone), weak.has(late)]
        }
      },
      seen: [true, false, 1, false, true],
    },

    weakSet: {
      state: '`WeakSet`',
      change: 'added, deleted',
      make() {
        const [known, late] = [{}, {}]
        const weak = new WeakSet([known])
        return () => {
          const before = [weak.has(known), weak.has(late)]
          weak.delete(known)
          weak.add(late)
          return [...before, weak.has(known), weak.has(late)]
        }
      },
      seen: [true, false, false, true],
    },

    weakRef: {
      state: '`WeakRef`: what it refers to',
      change: 'written',
      make() {
        const target = { hits: 0 }
        const ref = new WeakRef(target)
        return () => [++ref.deref().hits, ref.deref() === target]
      },
      seen: [1, true],
    },
  },
}
