import type { Node } from 'oxc-parser'
import { bare, isFunction } from './node-types.ts'
import type { Binding } from './scope.ts'

/** Expressions whose value is never an object. */
const PRIMITIVE: ReadonlySet<string> = new Set([
  'TemplateLiteral',
  'UnaryExpression',
  'BinaryExpression',
  'UpdateExpression',
])

/**
 * Whether state may hang on a variable that is never assigned to again. Of a function only where it is used in some other way
 * than being called: nobody else can give it properties.
 */
export function canHoldObject(binding: Binding): boolean {
  if (binding.init === undefined) return true
  const isFunctionValue = binding.kind === 'function' || isFunction(bare(binding.init))
  return isFunctionValue ? binding.isHandedOn : !isPrimitive(binding.init)
}

function isPrimitive(expression: Node | null): boolean {
  const value = bare(expression)
  switch (value?.type) {
    case undefined:
      return true
    case 'Literal':
      return !('regex' in value)
    case 'LogicalExpression':
      return isPrimitive(value.left) && isPrimitive(value.right)
    case 'ConditionalExpression':
      return isPrimitive(value.consequent) && isPrimitive(value.alternate)
    default:
      return PRIMITIVE.has(value?.type ?? '')
  }
}
