/** A small application for the tests to work on. */
export interface Item {
  readonly name: string
  count: number
}

export class OutOfStockError extends Error {
  override readonly name = 'OutOfStockError'
  readonly wanted: number

  constructor(item: Item, wanted: number) {
    super(`${item.name}: wanted ${wanted}, have ${item.count}`, { cause: new RangeError('too many') })
    this.wanted = wanted
  }
}

export class Stock {
  readonly #items = new Map<string, Item>()
  static opened = 0

  constructor() {
    Stock.opened++
  }

  add(name: string, count: number): Item {
    const item = this.#items.get(name) ?? { name, count: 0 }
    item.count += count
    this.#items.set(name, item)
    return item
  }

  take(name: string, count: number): Item {
    const item = this.#items.get(name)
    if (!item) throw new TypeError(`no ${name}`)
    if (item.count < count) throw new OutOfStockError(item, count)
    item.count -= count
    return item
  }

  get names(): string[] {
    return [...this.#items.keys()]
  }
}
