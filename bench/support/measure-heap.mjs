// FORKPOINT=heap node --import forkpoint/register measure-heap.mjs OBJECTS: one checkpoint of a graph of so many objects and its
// restores after changes of different sizes, beside what copies of the same graph cost.
import { createRequire } from 'node:module'
import v8 from 'node:v8'

const { HeapEngine, NodeModules } = await import(new URL('../../dist/adapter.mjs', import.meta.url))
const count = Number(process.argv[2])
const SAMPLES = count >= 1e6 ? 5 : 15

class User {
  constructor(id) {
    this.id = id
    this.name = `user ${id}`
    this.score = 0
    this.home = { street: id % 100, city: 'x', zip: null }
  }
}

/** Not part of the state that is rolled back, as all variables here would be. */
const own = { state: null }

const engine = new HeapEngine({
  boundary: new Set([...globalThis[Symbol.for('forkpoint.state')].boundary, own]),
  modules: new NodeModules(),
  isRunnerGlobal: () => false,
  obstacle: null,
  timersBefore: new Set(),
})

const median = list => list.sort((a, b) => a - b)[list.length >> 1]
const time = body => {
  const start = performance.now()
  body()
  return performance.now() - start
}
const medianOf = (body, before = () => {}, samples = SAMPLES) => {
  const times = []
  for (let i = 0; i < samples; i++) {
    before()
    times.push(time(body))
  }
  return median(times)
}

const setupMs = medianOf(
  () => Array.from({ length: count / 2 }, (_, id) => new User(id)),
  () => {},
  3,
)
const emptyState = engine.take()
const fixedMs = medianOf(() => emptyState.restore())
emptyState.release()

const users = Array.from({ length: count / 2 }, (_, id) => new User(id))
globalThis.graph = { users }
const takeMs = median(
  Array.from({ length: 3 }, () => {
    own.state?.release()
    return time(() => {
      own.state = engine.take()
    })
  }),
)
const touchMs = medianOf(() => {
  for (const user of users) user.home.street
})
const change =
  (step, end = users.length) =>
  () => {
    for (let i = 0; i < end; i += step) {
      users[i].score++
      users[i].home.street--
    }
  }
for (let i = 0; i < 3; i++) own.state.restore()
const restore = {
  nothing: medianOf(() => own.state.restore()),
  'ten objects': medianOf(() => own.state.restore(), change(Math.floor(users.length / 5))),
  'a thousand objects, side by side': medianOf(() => own.state.restore(), change(1, 500)),
  'a thousand objects, spread': medianOf(
    () => own.state.restore(),
    change(Math.max(1, Math.floor(users.length / 500))),
  ),
  'one percent': medianOf(() => own.state.restore(), change(100)),
  all: medianOf(() => own.state.restore(), change(1)),
}
own.state.release()

const copies = {}
if (count <= 1e6) {
  const require = createRequire(new URL('../package.json', import.meta.url))
  const samples = count >= 1e6 ? 1 : 3
  const { graph } = globalThis
  copies.structuredClone = medianOf(
    () => structuredClone(graph),
    () => {},
    samples,
  )
  copies['v8.serialize and back'] = medianOf(
    () => v8.deserialize(v8.serialize(graph)),
    () => {},
    samples,
  )
  copies['lodash cloneDeep'] = medianOf(
    () => require('lodash').cloneDeep(graph),
    () => {},
    samples,
  )
}
process.stdout.write(JSON.stringify({ setupMs, fixedMs, takeMs, touchMs, restore, copies }))
