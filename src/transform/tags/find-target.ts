import type { Node, Program } from 'oxc-parser'
import { childrenOf } from '../children.ts'
import { bare, type FunctionNode, isClass, isFunction } from '../node-types.ts'

/** The function that a tag stands before, and how it is replaced by one that is annotated. */
export type Target =
  /** By an assignment to its name, first in the block that it is declared in. */
  | { kind: 'declaration'; name: string; block: Node }
  /** Where it stands. `isStatement`: it is a declaration without a name, and becomes an expression. */
  | { kind: 'value'; name: string; key: string; node: Node; isStatement: boolean }
  /** By an assignment in a static block right after it. */
  | { kind: 'method'; name: string; key: string; node: Node; isStatic: boolean }
  /** `{ send() {} }` */
  | { kind: 'shorthand'; name: string; key: string; node: Node }
  /** There is one, and it can't be replaced: why, as a clause. */
  | { kind: 'none'; why: string }

const NO_FUNCTION: Target = { kind: 'none', why: 'it stands before no function' }

/** What stands at an offset: the outermost thing there that is a function, or is given one. */
export function findTarget(program: Program, at: number): Target {
  return search(program, at, []) ?? NO_FUNCTION
}

function search(node: Node, at: number, above: readonly Node[]): Target | null {
  if (node.type !== 'Program' && beginsAt(node, at)) {
    const target = targetOf(node, above)
    if (target !== null) return target
  }
  for (const child of childrenOf(node)) {
    if (child.start > at || child.end <= at) continue
    const target = search(child, at, [...above, node])
    if (target !== null) return target
  }
  return null
}

/** A tag may stand between the decorators of a method and its name. */
function beginsAt(node: Node, at: number): boolean {
  return node.start === at || (node.type === 'MethodDefinition' && node.key.start === at)
}

function targetOf(node: Node, above: readonly Node[]): Target | null {
  switch (node.type) {
    case 'ExportNamedDeclaration':
      return node.declaration === null ? null : targetOf(node.declaration, [...above, node])
    case 'ExportDefaultDeclaration':
      return ofDefault(node.declaration, [...above, node])
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return ofDeclaration(node, above)
    case 'VariableDeclaration': {
      const [first, ...others] = node.declarations
      if (first === undefined || others.length > 0 || first.id.type !== 'Identifier') return null
      return ofValue(first.init, first.id.name)
    }
    case 'ExpressionStatement': {
      const { expression } = node
      if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return null
      return ofValue(expression.right, nameOfLeft(expression.left))
    }
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition':
      return ofMethod(node, above)
    case 'PropertyDefinition':
      return node.computed ? null : ofValue(node.value, keyOf(node.key), classAround(above))
    case 'Property':
      return ofProperty(node)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return ofValue(node, node.type === 'FunctionExpression' ? (node.id?.name ?? '') : '')
    default:
      return null
  }
}

function ofDefault(node: Node, above: readonly Node[]): Target | null {
  if (node.type === 'FunctionDeclaration' && node.id) return ofDeclaration(node, above)
  if (node.type !== 'FunctionDeclaration') return ofValue(node, 'default')
  const target = ofValue(node, 'default')
  return target?.kind === 'value' ? { ...target, isStatement: true } : target
}

/** Of an overloaded function the tag may stand before any of its signatures. */
function ofDeclaration(node: Node & { id: { name: string } | null }, above: readonly Node[]): Target | null {
  const block = above.findLast(({ type }) => !type.startsWith('Export'))
  const name = node.id?.name
  if (name === undefined || block === undefined) return null
  const declared = childrenOf(block)
    .map(child => (child.type === 'ExportNamedDeclaration' ? child.declaration : child))
    .map(child => (child?.type === 'ExportDefaultDeclaration' ? child.declaration : child))
    .find((child): child is FunctionNode => child?.type === 'FunctionDeclaration' && child.id?.name === name)
  if (declared === undefined) return { kind: 'none', why: `\`${name}\` is declared, and has no body` }
  if (!isBlock(block)) return { kind: 'none', why: `\`${name}\` is declared in a \`switch\` or a namespace` }
  return refuse(declared) ?? { kind: 'declaration', name, block }
}

function isBlock({ type }: Node): boolean {
  return type === 'Program' || type === 'BlockStatement'
}

function ofValue(node: Node | null | undefined, key: string, around = ''): Target | null {
  const fn = withoutTypes(node)
  if (!node || !isFunction(fn)) return null
  const name = [around, key || 'anonymous function'].filter(Boolean).join('.')
  return refuse(fn) ?? { kind: 'value', name, key, node, isStatement: false }
}

/** `(fn)`, `fn as Handler`, `fn satisfies Handler` */
function withoutTypes(node: Node | null | undefined): Node | null | undefined {
  const inner = bare(node)
  return inner?.type === 'TSAsExpression' || inner?.type === 'TSSatisfiesExpression'
    ? withoutTypes(inner.expression)
    : inner
}

function ofMethod(
  node: Extract<Node, { type: 'MethodDefinition' | 'TSAbstractMethodDefinition' }>,
  above: readonly Node[],
): Target | null {
  if (node.kind !== 'method') return { kind: 'none', why: `a ${describe(node.kind)} can't be annotated` }
  if (node.computed || node.key.type === 'PrivateIdentifier')
    return { kind: 'none', why: "a method with a private or computed name can't be annotated" }
  const key = keyOf(node.key)
  const body = above.at(-1)
  const written =
    body?.type === 'ClassBody'
      ? body.body.find(
          member =>
            member.type === 'MethodDefinition' &&
            member.static === node.static &&
            !member.computed &&
            keyOf(member.key) === key &&
            isFunction(member.value) &&
            member.value.body !== null,
        )
      : undefined
  if (written?.type !== 'MethodDefinition') return { kind: 'none', why: `\`${key}\` has no body` }
  const name = [classAround(above), key].filter(Boolean).join('.')
  return (
    refuse(written.value as FunctionNode) ?? {
      kind: 'method',
      name,
      key,
      node: written,
      isStatic: node.static,
    }
  )
}

function describe(kind: 'constructor' | 'get' | 'set'): string {
  return kind === 'constructor' ? 'constructor' : `${kind}ter`
}

function ofProperty(node: Extract<Node, { type: 'Property' }>): Target | null {
  if (node.computed || !('value' in node)) return null
  if (node.kind !== 'init') return { kind: 'none', why: `a ${node.kind}ter can't be annotated` }
  const key = keyOf(node.key)
  if (!node.method) return ofValue(node.value, key)
  if (usesSuper(node.value)) return { kind: 'none', why: 'it uses `super`, which belongs to its object' }
  return refuse(node.value as FunctionNode) ?? { kind: 'shorthand', name: key, key, node }
}

function refuse({ generator }: FunctionNode): Target | null {
  return generator === true
    ? { kind: 'none', why: 'it is a generator, whose body runs when others ask for its values' }
    : null
}

function usesSuper(node: Node): boolean {
  return node.type === 'Super' || (!isClass(node) && childrenOf(node).some(usesSuper))
}

function classAround(above: readonly Node[]): string {
  const around = above.findLast(isClass)
  return around?.id?.name ?? ''
}

function keyOf(key: Node): string {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}

function nameOfLeft(left: Node): string {
  if (left.type === 'Identifier') return left.name
  return left.type === 'MemberExpression' && !left.computed ? keyOf(left.property) : ''
}
