import type { Node } from 'oxc-parser'
import { bare, type ClassNode, type FunctionNode, isClass, isFunction } from './node-types.ts'

type Member = Node & { key: Node; computed: boolean }

/** What functions and classes are called in access paths: their own name, or that of the variable or property they are given to. */
export class FunctionNames {
  readonly #given = new Map<Node, string>()

  /** Notes that a value goes to something of that name. */
  give(value: Node | null | undefined, name: string | null): void {
    const node = bare(value)
    if (node && name !== null && (isFunction(node) || isClass(node))) this.#given.set(node, name)
  }

  ofClass(node: ClassNode): string {
    return node.id?.name ?? this.#given.get(node) ?? 'anonymous class'
  }

  /** @param around what the code around the function is called, or the empty string */
  ofFunction(node: FunctionNode, around: string): string {
    const name = node.id?.name ?? this.#given.get(node)
    if (name !== undefined) return `${name}()`
    const place = around.replace(/^anonymous function in /, '')
    return place === '' || place === 'anonymous function'
      ? 'anonymous function'
      : `anonymous function in ${place}`
  }
}

/** The key of a member as it is written after the dot, or null where it is computed. */
export function keyName({ key, computed }: Member): string | null {
  if (computed) return null
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : null
}
