import { describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  'src/shop.ts': `
    interface Item { id: number; tags: string[] }
    type Listener = (item: Item) => void
    const listeners = new Set<Listener>()
    export let sold = 0
    enum Kind { Small = 1, Large }
    export class Shop {
      #items: Item[] = []
      static #open = 0
      readonly onSale = (item: Item): void => { this.#items.push(item); sold++ }
      constructor(readonly kind: Kind = Kind.Large) { Shop.#open++ }
      get size(): number { return this.#items.length }
      static get open(): number { return Shop.#open }
      unused(): void {
        const never: Item[] = []
        listeners.add(item => never.push(item))
      }
    }
    export function counter(step: number) {
      let n = 0
      return {
        next: (): number => (n += step),
        check(limit: number): void {
          for (const tag of ['a', 'b']) {
            if (n > limit) [tag].forEach(found => {
              throw new Error(\`\${found} over \${limit}\`)
            })
          }
        },
      }
    }
    export const curried = (a: number[]) => (b: number[]) =>
      [...a, ...b].map(x => x > 2 ? () => a : () => b)
    export function forms(kind: string, ...all: number[]) {
      const found: Array<() => unknown> = []
      for (const one of all) found.push(() => one)
      for (let i = 0; i < 2; i++) if (i) found.push(() => i++); else found.push(() => --i)
      switch (kind) {
        case 'a': { const list: string[] = []; found.push(() => list.push(kind)); break }
        default: let other = {}; found.push(() => other = { other })
      }
      try { if (all.length > 1) throw new Error(kind) } catch (error) { found.push(() => error) } finally { found.push(() => found) }
      const named = { get kind() { const own = [kind]; return () => own }, *values() { const own = {}; yield () => own } }
      found.push(named.kind, ...named.values())
      return found.map(get => typeof get()).join()
    }
    export default class extends Shop {
      static #made: object[] = [];
      ['computed'] = () => this
      constructor() { const own = { n: 1 }; super(); Shop.prototype.unused = () => own; (this.constructor as any).count?.(() => this) }
      static count(get: () => unknown) { this.#made.push(get); return /* v8 ignore next */ this.#made.length > 5 ? () => get : 0 }
      static { const secret = { n: 0 }; this.prototype.toString = () => String(secret.n++) }
    }
  `,
  'src/price.ts': 'export let price = 1; export const raise = () => price++',
  'src/plain.js': 'module.exports = 1',
  'shop.test.ts': `
    import { expect, test } from 'vitest'
    import Made, { counter, curried, forms, Shop, sold } from './src/shop'
    test('a live binding', () => {
      const shop = new Shop()
      const { onSale } = shop
      expect(sold).toBe(0)
      onSale({ id: 1, tags: [] })
      expect([sold, shop.size, Shop.open]).toEqual([1, 1, 1])
    })
    test('the lines of a stack trace', () => {
      const { next, check } = counter(2)
      next()
      check(2)
      next()
      const lines = (() => { try { check(2) } catch (error) { return error.stack.match(/\\w+\\.ts:\\d+:\\d+/g) } })()
      expect(lines.slice(0, 2)).toEqual(['shop.ts:26:21', 'shop.ts:25:34'])
    })
    test('a failing one', () => { const { next, check } = counter(3); next(); check(1) })
    test('functions in functions', () => expect(curried([1])([3]).map(f => f())).toEqual([[3], [1]]))
    test('all kinds of blocks', () => {
      expect([forms('a', 1), forms('b', 1, 2), String(new Made())]).toEqual([
        'number,number,number,number,object,object,object', 'number,number,number,number,object,object,object,object,object', '0',
      ])
    })
    test('what the engine reaches', () => {
      const cells = globalThis[Symbol.for('forkpoint.state')]?.cells?.list() ?? []
      const labels = [...new Set(cells.map(cell => cell.label.replace(/ ›.*/, '')))].filter(label => !label.startsWith('..'))
      expect(labels.sort()).toEqual(process.env.EXPOSED ? ['shop.test.ts', 'src/shop.ts'] : [])
    })
  `,
  'mocks.test.ts': `
    import { afterEach, expect, test, vi } from 'vitest'
    import { price, raise } from './src/price'
    const made = vi.hoisted(() => { let n = 0; const all: number[] = []; return { next: () => all.push(n++) } })
    vi.mock('./src/shop', async original => {
      const real = await original<typeof import('./src/shop')>()
      let calls = 0
      return { ...real, counter: () => ({ calls: ++calls, made: made.next() }) }
    })
    import { counter, sold } from './src/shop'
    afterEach(() => { vi.resetModules() })
    test('a mocked module', () => {
      expect([counter(1), counter(1), sold]).toEqual([{ calls: 1, made: 1 }, { calls: 2, made: 2 }, 0])
    })
    test('a module of its own', async () => {
      raise()
      const again = await import('./src/price')
      expect([price, again.price]).toEqual([2, 1])
      const spy = vi.spyOn(again, 'raise').mockReturnValue(7)
      expect([again.raise(), spy.mock.calls.length]).toEqual([7, 1])
    })
    test('inline snapshots', () => {
      const list = [1]; const get = () => list
      expect(get()).toMatchInlineSnapshot(\`
        [
          1,
        ]
      \`)
    })
  `,
}

describe.each(targetNames)('%s', target => {
  const exposed = sharedRun({ target, files, plugin: { engine: 'heap' }, env: { EXPOSED: '1' } })

  test('a suite whose state is exposed has the outcomes, errors and stack traces it has without', async () => {
    const plain = sharedRun({ target, files, plugin: false })
    const [one, other] = await Promise.all([plain(), exposed()])
    expect(compareRuns(one, other)).toEqual([])
    expect(outcomesOf(other)).toMatchObject({
      'shop.test.ts > what the engine reaches': 'passed',
      'shop.test.ts > a failing one': 'failed: a over 1',
      'shop.test.ts > the lines of a stack trace': 'passed',
    })
  })

  test.each(['v8', 'istanbul'])('coverage by %s is the same', async provider => {
    const args = ['--coverage', `--coverage.provider=${provider}`]
    const [one, other] = await Promise.all([
      sharedRun({ target, files, args, plugin: false })(),
      sharedRun({ target, files, args, plugin: { engine: 'heap' }, env: { EXPOSED: '1' } })(),
    ])
    expect(outcomesOf(other)).toMatchObject({ 'shop.test.ts > what the engine reaches': 'passed' })
    expect(compareRuns(one, other)).toEqual([])
  })
})
