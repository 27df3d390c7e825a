import type { Node } from 'oxc-parser'

export type BindingKind =
  | 'var'
  | 'let'
  | 'const'
  | 'class'
  | 'function'
  | 'param'
  | 'import'
  /** The name that a function expression or a class has inside itself: it can't be assigned to. */
  | 'own name'
  /** `this` and `arguments`, which closures hold like variables. */
  | 'implicit'

/** One variable, and what is known of how the code uses it. */
export class Binding {
  readonly name: string
  readonly kind: BindingKind
  /** Where it stands: variables of one block get their values in this order. */
  readonly position: number
  /** What it is given where it is declared; undefined where that can't be told. */
  init: Node | null | undefined
  isCaptured = false
  isReassigned = false
  /** It is used in some other way than being called. */
  isHandedOn = false
  /** Another tool has put it into the code. */
  isForeign = false
  /** Code that stands before its declaration can be running in the same scope; reading it throws then. */
  readonly canBeEarly: boolean

  constructor(
    name: string,
    kind: BindingKind,
    position: number,
    init: Node | null | undefined,
    scope: Scope,
  ) {
    this.name = name
    this.kind = kind
    this.position = position
    this.init = init
    this.canBeEarly = scope.kind !== 'loop' && ['let', 'const', 'class'].includes(kind)
  }

  get isWritable(): boolean {
    return this.isReassigned && !['const', 'import', 'own name', 'implicit'].includes(this.kind)
  }
}

export type ScopeKind =
  | 'module'
  | 'function'
  /** The value of a class field: a function of its own as far as `this` and closures go. */
  | 'field'
  | 'static block'
  | 'block'
  /** The head of a loop: its variables are new in every turn. */
  | 'loop'
  | 'switch'
  | 'catch'
  | 'class'

const FUNCTION_KINDS: readonly ScopeKind[] = ['module', 'function', 'field', 'static block']

export class Scope {
  readonly kind: ScopeKind
  readonly node: Node
  readonly parent: Scope | null
  readonly bindings: Map<string, Binding> = new Map()
  /** The scope of the function that this one belongs to. Code in another one reaches these variables only through a closure. */
  readonly owner: Scope
  /** The nearest scope that has a `this` of its own. */
  readonly thisScope: Scope
  /** Of the function, for access paths: `Cache.get()`. */
  readonly name: string
  /** Code in it must stay as it is: a `with` statement would take the generated names for its object's. */
  readonly isUntouchable: boolean

  constructor(
    kind: ScopeKind,
    node: Node,
    parent: Scope | null,
    options: { name?: string; isUntouchable?: boolean } = {},
  ) {
    this.kind = kind
    this.node = node
    this.parent = parent
    this.name = options.name ?? parent?.name ?? ''
    this.isUntouchable = options.isUntouchable ?? parent?.isUntouchable ?? false
    this.owner = parent === null || FUNCTION_KINDS.includes(kind) ? this : parent.owner
    const hasThis = this.owner === this && node.type !== 'ArrowFunctionExpression'
    this.thisScope = parent === null || hasThis ? this : parent.thisScope
  }

  declare(name: string, kind: BindingKind, position: number, init?: Node | null): void {
    const known = this.bindings.get(name)
    if (known === undefined) {
      this.bindings.set(name, new Binding(name, kind, position, init, this))
    } else {
      // A second declaration gives it another value: `var a = 1; var a = {}`.
      known.isReassigned ||= init !== null
      known.init = undefined
    }
  }

  find(name: string): { binding: Binding; scope: Scope } | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const binding = scope.bindings.get(name)
      if (binding !== undefined) return { binding, scope }
    }
    return null
  }
}
