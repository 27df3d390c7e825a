// Where a program keeps a value: what reads it, and what puts another in its place. One that is `isAsync` gives a promise of an array
// with the value in it.

class Private {
  #held
  constructor(value) {
    this.#held = value
  }
  get() {
    return this.#held
  }
  set(value) {
    this.#held = value
  }
}

/** What Node shows of an accessor is two functions. */
function byAccessor(value) {
  let held = value
  const object = {
    get in() {
      return held
    },
    set in(next) {
      held = next
    },
  }
  const { get, set } = Object.getOwnPropertyDescriptor(object, 'in')
  return { get, set }
}

function byStaticField(value) {
  // biome-ignore lint/complexity/noStaticOnlyClass: a place for a value
  return class Static {
    static #held = value
    static get() {
      return Static.#held
    }
    static set(next) {
      Static.#held = next
    }
  }
}

const inObject = (object, key = 'in') => ({
  object,
  get() {
    return this.object[key]
  },
  set(value) {
    this.object[key] = value
  },
})

export const holders = [
  value => inObject({ in: value }),
  value => inObject([value], 0),
  value => inObject(Object.assign(() => {}, { in: value })),
  value => inObject(Object.create({ in: value })),
  value => inObject(new Proxy({ in: value }, {})),
  value => inObject(Object.freeze([value]), 0),
  value => new Private(value),
  byAccessor,
  byStaticField,
  value => {
    let held = value
    return {
      get: () => held,
      set(next) {
        held = next
      },
    }
  },
  (held = null) => ({
    get: () => held,
    set(next) {
      held = next
    },
  }),
  value => {
    const map = new Map([['in', value]])
    return { get: () => map.get('in'), set: next => map.set('in', next) }
  },
  value => {
    const key = {}
    const weak = new WeakMap([[key, value]])
    return { get: () => weak.get(key), set: next => weak.set(key, next) }
  },
  value => {
    const promise = Promise.resolve([value])
    return { get: () => promise, isAsync: true }
  },
  value => {
    const get = function () {
      return this[0]
    }.bind([value])
    return { get }
  },
]
