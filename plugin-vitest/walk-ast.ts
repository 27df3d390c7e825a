/** A node of an ESTree, as any of Vite's parsers gives it. */
export interface AstNode {
  type: string
  start: number
  end: number
  [property: string]: unknown
}

/** Visits a node and all below it, parents first. */
export function walkAst(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walkAst(child, visit)
  }
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && typeof (value as AstNode).type === 'string'
}
