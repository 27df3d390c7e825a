import { EventEmitter } from 'node:events'
import { type Call, Patches } from '../host/patches.ts'
import type { RootStore } from './recording.ts'

type Listener = (this: unknown, ...args: unknown[]) => unknown

/** A listener for one call as `rawListeners` shows it. */
type Wrapper = Listener & { listener?: Listener }

const METHODS = [
  ['once', 'on'],
  ['prependOnceListener', 'prependListener'],
] as const

let fired: WeakSet<object> | null | undefined

/** From here on it is known of listeners that are added. To be called before user code. */
export function watchOnceListeners(): WeakSet<object> | null {
  if (fired === undefined) fired = keepsInVariable() ? watch() : null
  return fired
}

/**
 * Whether a listener for one call (`emitter.once`) has been called. Node 26 keeps that in a variable that its own function closes
 * over, where nobody can put it back; before, it was a property. So where that is so it is kept here.
 */
export class OnceListeners implements RootStore {
  readonly #fired = watchOnceListeners()

  /** The journal of weak collections puts it back. */
  visit(visit: (value: unknown) => void): void {
    if (this.#fired !== null) visit(this.#fired)
  }

  restore(): number {
    return 0
  }
}

/** Elsewhere it is a bound function, and what it is bound to is state like any other. */
function keepsInVariable(): boolean {
  const emitter = new EventEmitter().once('probe', () => {})
  const [wrapper] = emitter.rawListeners('probe')
  return wrapper !== undefined && !/\[native code\]/.test(Function.prototype.toString.call(wrapper))
}

function watch(): WeakSet<object> {
  const called = new WeakSet<object>()
  const patches = new Patches()
  patches.batch(() => {
    for (const [name, add] of METHODS) {
      patches.patch(EventEmitter.prototype, name, original => {
        const { method } = {
          method(this: EventEmitter, ...args: [type: string | symbol, listener: unknown]) {
            const [type, listener] = args
            // It says what is wrong.
            if (typeof listener !== 'function') return original.apply(this, args)
            return this[add](type, wrap(this, type, listener as Listener, called))
          },
        }
        return method as unknown as Call
      })
    }
  })
  return called
}

/** As Node's own. */
function wrap(
  target: EventEmitter,
  type: string | symbol,
  listener: Listener,
  called: WeakSet<object>,
): Wrapper {
  const wrapper: Wrapper = function wrapper(...args) {
    if (called.has(wrapper)) return
    called.add(wrapper)
    target.removeListener(type, wrapper)
    return Reflect.apply(listener, target, args)
  }
  wrapper.listener = listener
  return wrapper
}
