// What 'forkpoint' is without forkpoint, in Jest: the plain side of a comparison resolves it to this.

const teardowns = []

exports.setup = (fn, timeout) =>
  beforeEach(async () => {
    const teardown = await fn()
    if (typeof teardown === 'function') teardowns.push(teardown)
  }, timeout)

afterEach(async () => {
  for (const teardown of teardowns.splice(0).reverse()) await teardown()
})

// Nothing is checkpointed.
exports.beforeFork = () => {}
exports.afterFork = () => {}

// Nothing is watched.
exports.rollbackSafe = fn => fn()

const undos = []
exports.onRollback = undo => undos.push(undo)
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})
