import type { Node, Program } from 'oxc-parser'
import { canHoldObject } from './can-hold-object.ts'
import type { CellCode } from './cell-code.ts'
import type { Insertions } from './insertions.ts'
import { type ClassNode, isClass, isDirective } from './node-types.ts'
import type { Binding, Scope } from './scope.ts'

/** Registers the variables of a module: those that are assigned to, and all through which objects are reached. */
export function exposeModule(scope: Scope, cells: CellCode): string {
  const bindings = inOrder([...scope.bindings.values()].filter(binding => isState(binding)))
  return bindings.length === 0 ? '' : cells.module(bindings)
}

/** Registers the variables of each call, block or turn of a loop that closures hold on to. */
export function exposeCalls(scope: Scope, code: string, cells: CellCode, insertions: Insertions): void {
  if (scope.isUntouchable) return
  const captured = [...scope.bindings.values()].filter(binding => binding.isCaptured && isState(binding))
  if (captured.length === 0) return
  const bindings = inOrder(captured)
  if (scope.node.type === 'SwitchStatement') {
    // A clause that is jumped over never initializes its variables: those of each are a group of their own.
    for (const clause of scope.node.cases) {
      const own = bindings.filter(({ position }) => position >= clause.start && position < clause.end)
      const [first] = clause.consequent
      if (first && own.length > 0) insertions.begin(clause, first.start, cells.call(scope.name, own, 1))
    }
    return
  }
  const text = groups(scope, bindings)
    .map(group => cells.call(scope.name, group, countScopes(scope.node)))
    .join('')
  insertAtBeginning(scope.node, code, text, insertions)
}

function isState(binding: Binding): boolean {
  if (binding.kind === 'import' || binding.kind === 'own name' || binding.isForeign) return false
  return binding.isWritable || canHoldObject(binding)
}

function inOrder(bindings: readonly Binding[]): Binding[] {
  return bindings.toSorted((a, b) => Number(a.canBeEarly) - Number(b.canBeEarly) || a.position - b.position)
}

/** Before `super()` returns a constructor has no `this`: reading that must hide nothing else. */
function groups(scope: Scope, bindings: readonly Binding[]): Binding[][] {
  const outer = scope.parent?.node
  const hasLateThis =
    outer !== undefined && isClass(outer) && outer.superClass !== null && isConstructor(scope, outer)
  if (!hasLateThis) return [[...bindings]]
  const isThis = ({ name }: Binding): boolean => name === 'this'
  return [bindings.filter(binding => !isThis(binding)), bindings.filter(isThis)].filter(
    group => group.length > 0,
  )
}

function isConstructor(scope: Scope, node: ClassNode): boolean {
  return node.body.body.some(
    member =>
      member.type === 'MethodDefinition' && member.kind === 'constructor' && member.value === scope.node,
  )
}

/**
 * Scopes between the beginning of the node's block and its variables. Those of a loop's head, a `catch` clause's parameter and
 * parameters that are not just names stand in one around that of the block.
 */
function countScopes(node: Node): 1 | 2 {
  switch (node.type) {
    case 'BlockStatement':
    case 'StaticBlock':
      return 1
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.params.every(({ type }) => type === 'Identifier') ? 1 : 2
    default:
      return 2
  }
}

function insertAtBeginning(node: Node, code: string, text: string, insertions: Insertions): void {
  switch (node.type) {
    case 'BlockStatement':
      insertions.begin(node, node.start + 1, text)
      break
    case 'StaticBlock':
      insertions.begin(node, openingBrace(node, code) + 1, text)
      break
    case 'CatchClause':
      insertions.begin(node, node.body.start + 1, text)
      break
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (node.body?.type === 'BlockStatement') {
        const { at, separator } = afterDirectives(node.body, node.body.start + 1)
        insertions.begin(node, at, separator + text)
      } else if (node.body) {
        insertions.beginAs(node.body, `{${text}return `)
        insertions.end(node.body, node.body.end, '}')
      }
      break
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
      if (node.body.type === 'BlockStatement') {
        insertions.begin(node, node.body.start + 1, text)
      } else {
        insertions.begin(node.body, node.body.start, `{${text}`)
        insertions.end(node.body, node.body.end, '}')
      }
      break
  }
}

/** Where code may stand first, and what must part it from what is before it. */
export function afterDirectives(
  { body }: { body: ReadonlyArray<Program['body'][number]> },
  start: number,
): { at: number; separator: string } {
  let at = start
  for (const statement of body) {
    if (!isDirective(statement) && statement.type !== 'ImportDeclaration') break
    at = statement.end
  }
  return { at, separator: at === start ? '' : ';' }
}

/** Of a static block, whose node begins with the keyword: between them may be comments, with braces in them. */
function openingBrace(node: Node, code: string): number {
  const between = /static(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/y
  between.lastIndex = node.start
  between.test(code)
  return between.lastIndex
}
