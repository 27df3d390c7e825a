import { sharedState } from 'forkpoint/adapter'

/** Under this name each copy of forkpoint finds its state, in a context of node:vm too. */
const STATE: unique symbol = Symbol.for('forkpoint.state') as never

/** Shows the code of a context the state that this process has. Jest empties what is a value of the global object when the file has ended. */
export function shareState(global: object): void {
  const shared = sharedState()
  Object.defineProperty(global, STATE, { get: () => shared, configurable: true })
}
