import type { Node } from 'oxc-parser'

/** The names that a pattern gives values to: in a declaration, as a parameter, or on the left of an assignment. */
export function* namesOf(pattern: Node | null | undefined): Generator<Node & { type: 'Identifier' }> {
  switch (pattern?.type) {
    case 'Identifier':
      yield pattern
      break
    case 'ObjectPattern':
      for (const property of pattern.properties)
        yield* namesOf(property.type === 'RestElement' ? property.argument : property.value)
      break
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* namesOf(element)
      break
    case 'AssignmentPattern':
      yield* namesOf(pattern.left)
      break
    case 'RestElement':
      yield* namesOf(pattern.argument)
      break
    case 'ParenthesizedExpression':
      yield* namesOf(pattern.expression)
      break
  }
}
