import { expect, test } from 'vitest'
import { shapeOfState } from '../../src/profile/shape-of-state.ts'

test('a state with an array longer than a call takes arguments is counted', () => {
  const rows = Array.from({ length: 300_000 }, (_, id) => ({ id }))
  const shape = shapeOfState({
    roots: { global: { rows }, cells: [], stores: [] },
    boundary: new Set([Object.prototype, Array.prototype]),
    isRunnerGlobal: () => false,
    objects: 300_001,
  })
  expect(shape).toEqual({
    objects: 300_001,
    roots: { 'globalThis.rows': { objects: 300_001, bytes: 0 } },
    kinds: { Array: 1, Object: 300_000 },
  })
})
