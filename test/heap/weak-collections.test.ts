import { describe, expect, test } from 'vitest'
import { takeRecording as take } from './take-recording.ts'

describe('weak collections', () => {
  test('come back to what they held, entry by entry', () => {
    const [kept, removed, added] = [{}, {}, {}]
    const map = new WeakMap<object, unknown>([
      [kept, 1],
      [removed, { inner: 2 }],
    ])
    const set = new WeakSet([kept, removed])
    const recording = take({ map, set, kept, removed })
    map.set(kept, 3).set(added, 4).delete(removed)
    set.add(added).delete(removed)
    recording.restore()
    expect([map.get(kept), map.get(removed), map.has(added)]).toEqual([1, { inner: 2 }, false])
    expect([set.has(kept), set.has(removed), set.has(added)]).toEqual([true, true, false])
    recording.release()
  })

  test('lead to objects that were set where there was a primitive', () => {
    const [key, value] = [{}, { n: 1 }]
    const map = new WeakMap<object, unknown>([[key, 1]])
    map.set(key, value)
    const recording = take({ map, key })
    value.n = 2
    recording.restore()
    expect(value.n).toBe(1)
    recording.release()
  })

  test('of which the recording knows nothing are left alone', () => {
    const [own, key] = [new WeakMap<object, number>(), {}]
    const recording = take({ key })
    own.set(key, 1)
    recording.restore()
    expect(own.get(key)).toBe(1)
    recording.release()
  })

  test('still look like what they were', () => {
    const { set, delete: remove } = WeakMap.prototype
    expect([set.name, set.length, remove.name, remove.length]).toEqual(['set', 2, 'delete', 1])
    expect(() => new WeakMap().set(1 as never, 1)).toThrow(TypeError)
  })
})
