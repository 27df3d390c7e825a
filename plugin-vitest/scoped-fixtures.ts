import { test as baseTest } from 'vitest'
import type { TestFile } from './internals.ts'

/** One `test.extend` fixture as Vitest keeps it. The same in 4.1.12 and 5.1.1. */
interface Registration {
  name: string
  scope: 'test' | 'file' | 'worker'
  auto?: boolean
  value: unknown
  deps?: ReadonlySet<string>
}

interface Definition {
  _registrations: Map<string, Registration>
  getFileContext(file: TestFile): Record<string, unknown>
  getWorkerContext(): Record<string, unknown>
}

type FixtureFunction = (context: object, use: (value: unknown) => Promise<void>) => Promise<void>

/** Names a fixture to the process that has to make it. */
export interface FixtureName {
  definition: number
  name: string
}

/**
 * Fixtures of scope `file` and `worker`. Vitest makes them when the first test asks for them: in a branch that would be
 * once per branch, and torn down in none. So a branch that needs one says so and ends, the fixture is made outside, and the
 * test gets a new branch.
 */
export class ScopedFixtures {
  readonly #file: TestFile
  readonly #definitions: readonly Definition[]
  readonly #originals = new Map<Registration, FixtureFunction>()
  readonly #teardowns: Array<() => Promise<void>> = []

  /** @param ask null where a fixture may be made in place; else told what a branch needs, never to return */
  constructor(file: TestFile, ask: () => ((fixture: FixtureName) => Promise<never>) | null) {
    this.#file = file
    this.#definitions = findDefinitions()
    this.#definitions.forEach((definition, index) => {
      for (const registration of definition._registrations.values()) {
        const original = registration.value
        if (
          registration.scope === 'test' ||
          typeof original !== 'function' ||
          this.#originals.has(registration)
        )
          continue
        this.#originals.set(registration, original as FixtureFunction)
        const guarded: FixtureFunction = (context, use) => {
          const tell = ask()
          return tell === null
            ? (original as FixtureFunction)(context, use)
            : tell({ definition: index, name: registration.name })
        }
        // Vitest keeps what it read from the function's parameters, and where it was written, on the function.
        for (const key of Reflect.ownKeys(original)) {
          const descriptor = Object.getOwnPropertyDescriptor(original, key)
          if (typeof key === 'symbol' && descriptor) Object.defineProperty(guarded, key, descriptor)
        }
        registration.value = guarded
      }
    })
  }

  /** Makes a fixture here, and those it depends on. Rejects with what it throws. */
  async make({ definition: index, name }: FixtureName): Promise<void> {
    const definition = this.#definitions[index]
    const registration = definition?._registrations.get(name)
    const original = registration && this.#originals.get(registration)
    if (definition === undefined || registration === undefined || original === undefined) return
    const worker = definition.getWorkerContext()
    const file = definition.getFileContext(this.#file)
    const home = registration.scope === 'worker' ? worker : file
    if (name in home) return
    for (const dependency of registration.deps ?? []) {
      if (dependency !== name) await this.make({ definition: index, name: dependency })
    }
    const context = registration.scope === 'file' ? { ...worker, ...file } : worker
    const value = await this.#use(original, context)
    // A `test.extend` of an extended test has the same registration and a context of its own: one fixture serves both.
    for (const each of this.#definitions) {
      if (each._registrations.get(name) !== registration) continue
      const place =
        registration.scope === 'worker' ? each.getWorkerContext() : each.getFileContext(this.#file)
      place[name] ??= value
    }
  }

  /** Tears down what `make` made, newest first, and leaves the fixtures as they were to the worker's next file. */
  async tearDown(): Promise<void> {
    for (const teardown of this.#teardowns.splice(0).reverse()) await teardown()
    for (const [registration, original] of this.#originals) registration.value = original
  }

  /** Runs a fixture up to its `use`, and keeps the rest for the end. */
  #use(original: FixtureFunction, context: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let release = (): void => {}
      const held = new Promise<void>(done => {
        release = done
      })
      const running = original(context, value => {
        resolve(value)
        return held
      })
      running.catch(reject)
      this.#teardowns.push(() => {
        release()
        return running
      })
    })
  }
}

/** Whether some test of the worker has a fixture that is made without being asked for. */
export function hasAutomaticFixtures(): boolean {
  return findDefinitions().some(({ _registrations }) =>
    [..._registrations.values()].some(({ auto }) => auto === true),
  )
}

/** All fixtures of the worker, through a private list that is a static of the class of any one of them. */
function findDefinitions(): readonly Definition[] {
  const key = Object.getOwnPropertySymbols(baseTest).find(
    symbol => symbol.description === 'kChainableContext',
  )
  if (key === undefined) return []
  const context = (baseTest as unknown as Record<symbol, { getFixtures?(): object }>)[key]
  const { _definitions } = (context?.getFixtures?.()?.constructor ?? {}) as { _definitions?: Definition[] }
  return _definitions ?? []
}
