import { describe, expect, test } from 'vitest'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  'src/app.ts': `
    export let hits: number = 0
    const cache = new Map<string, number[]>()
    export const hit = (): number => ++hits
    export const put = (key: string, value: number): number => {
      const list = cache.get(key) ?? []
      cache.set(key, list)
      return list.push(value)
    }
    export class Shop {
      static #sales = 0
      #sold = 0
      #items: number[] = []
      sell(item: number): number[] { return [this.#items.push(item), ++this.#sold, ++Shop.#sales] }
    }
    export const counter = () => {
      let n = 0
      const seen: number[] = []
      return () => [++n, seen.push(n)]
    }
    export const from = (n: number) => () => n++
    export function turns() {
      const all: Array<() => number> = []
      for (let i = 0; i < 2; i++) all.push(() => i++)
      return all
    }
    export const adder = () => {
      class Sum { list: number[] = []; add = (n: number) => this.list.push(n) }
      return new Sum().add
    }
    export function Old(this: any) { this.n = 0; this.next = () => ++this.n }
    export const pick = (kind: number) => {
      switch (kind) { case 0: { let a = 0; return () => ++a } default: const b: number[] = []; return () => b.push(1) }
    }
    export const caught = () => { try { throw { n: 0 } } catch (error) { return () => ++error.n } }
    export default class { static #all: number[] = []; static add() { return this.#all.push(1) } }
  `,
  'app.test.ts': `
    import { setup } from 'forkpoint'
    import { expect, test } from 'vitest'
    import Made, { adder, caught, counter, from, hit, hits, Old, pick, put, Shop, turns } from './src/app'
    let kept: Record<string, () => unknown>
    let local = 0
    const memoized = (() => { let known = new Map(); return (key: string) => (known = new Map(known).set(key, 1)).size })()
    setup(() => {
      const shop = new Shop()
      const [first, second] = turns()
      const add = adder()
      kept = {
        hit, put: () => put('a', 1), sell: () => shop.sell(1), counter: counter(), from: from(1), first, second, add: () => add(1),
        old: new (Old as any)().next, pick: pick(0), other: pick(1), caught: caught(), made: () => Made.add(),
        memoized: () => memoized('k' + memoized('k')), local: () => ++local,
      }
      for (const use of Object.values(kept)) use()
    })
    test.each([1, 2, 3])('test %i', () => {
      expect(hits).toBe(1)
      expect(Object.fromEntries(Object.entries(kept).map(([name, use]) => [name, use()]))).toEqual({
        hit: 2, put: 2, sell: [2, 2, 2], counter: [2, 2], from: 2, first: 1, second: 2, add: 2, old: 2, pick: 2, other: 2, caught: 2,
        made: 2, memoized: 3, local: 2,
      })
      expect(hits).toBe(2)
    })
  `,
}

describe.each(targetNames)('%s', target => {
  const run = sharedRun({ target, files, plugin: { engine: 'heap', warmup: 0 } })

  test('variables of modules, calls and loops and private fields are those of the setup in every test', async () => {
    expect(outcomesOf(await run())).toEqual({
      'app.test.ts > test 1': 'passed',
      'app.test.ts > test 2': 'passed',
      'app.test.ts > test 3': 'passed',
    })
    expect((await run()).stdout).toContain('heap engine')
    expect((await run()).stdout).toContain('1 taken')
  })
})
