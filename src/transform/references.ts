import type { Binding, Scope } from './scope.ts'

export type ReferenceKind = 'call' | 'read' | 'write'

/** Where names are used. What they stand for is known once all declarations are. */
export class References {
  readonly #all: Array<{ name: string; scope: Scope; kind: ReferenceKind }> = []
  readonly #evals = new Set<Scope>()

  add(name: string, scope: Scope, kind: ReferenceKind): void {
    this.#all.push({ name, scope, kind })
  }

  /** A direct `eval`: its code can use every variable it sees. */
  addEval(scope: Scope): void {
    this.#evals.add(scope)
  }

  /** Notes at each variable how it is used. */
  resolve(): void {
    for (const { name, scope, kind } of this.#all) {
      if (name === 'this' || name === 'arguments') declareImplicit(name, scope)
      const found = scope.find(name)
      if (found !== null) note(found.binding, kind, scope.owner !== found.scope.owner)
    }
    for (const scope of this.#evals) exposeTo(scope)
  }
}

function note(binding: Binding, kind: ReferenceKind, isElsewhere: boolean): void {
  binding.isCaptured ||= isElsewhere
  binding.isReassigned ||= kind === 'write'
  binding.isHandedOn ||= kind !== 'call'
}

/** `this` and `arguments` are variables where an arrow function uses those of the function around it. */
function declareImplicit(name: 'this' | 'arguments', scope: Scope): void {
  const { thisScope } = scope
  if (thisScope.kind === 'module') return
  // Assigning to an element of `arguments` assigns to the parameter, in sloppy code.
  if (name === 'arguments')
    for (const binding of thisScope.bindings.values()) binding.isReassigned ||= binding.kind === 'param'
  if (scope.owner === thisScope || thisScope.bindings.has(name)) return
  thisScope.declare(name, 'implicit', -1)
}

function exposeTo(from: Scope): void {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent)
    for (const binding of scope.bindings.values()) note(binding, 'write', true)
}
