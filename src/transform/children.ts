import { type Node, visitorKeys } from 'oxc-parser'

/** The nodes right below one, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const properties = node as unknown as Record<string, Node | Array<Node | null> | null | undefined>
  const children: Node[] = []
  for (const key of visitorKeys[node.type] ?? []) {
    const value = properties[key]
    for (const child of Array.isArray(value) ? value : [value]) if (child) children.push(child)
  }
  return children
}
