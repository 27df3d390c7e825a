import type { ArrowFunctionExpression, Class, Function as FunctionLike, Node } from 'oxc-parser'

export type FunctionNode = FunctionLike | ArrowFunctionExpression
export type ClassNode = Class
export type LoopNode = Extract<Node, { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }>

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'FunctionDeclaration'
  )
}

export function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

/** A statement that makes all code after it strict, or says something of the kind: it must stay the first. */
export function isDirective(node: Node): boolean {
  return node.type === 'ExpressionStatement' && typeof node.directive === 'string'
}

/** An expression without the parentheses around it. */
export function bare(node: Node | null | undefined): Node | null | undefined {
  let inner = node
  while (inner?.type === 'ParenthesizedExpression') inner = inner.expression
  return inner
}
