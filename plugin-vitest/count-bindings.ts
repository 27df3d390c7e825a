import { type AstNode, walkAst } from './walk-ast.ts'

/** Where the names that a node declares, or gives a new value, stand in it. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ['id'],
  FunctionDeclaration: ['id', 'params'],
  FunctionExpression: ['id', 'params'],
  ArrowFunctionExpression: ['params'],
  ClassDeclaration: ['id'],
  ClassExpression: ['id'],
  CatchClause: ['param'],
  ImportSpecifier: ['local'],
  ImportDefaultSpecifier: ['local'],
  ImportNamespaceSpecifier: ['local'],
  AssignmentExpression: ['left'],
}

/**
 * How often each name is declared in a module, in whatever scope, or assigned: a name counted once means the same everywhere.
 *
 * Keys and defaults in a pattern are counted too, so the answer may be too high, and never too low.
 */
export function countBindings(program: AstNode): Map<string, number> {
  const counts = new Map<string, number>()
  walkAst(program, node => {
    for (const key of DECLARED[node.type] ?? []) {
      for (const pattern of [node[key]].flat() as Array<AstNode | null>) {
        if (pattern === null) continue
        walkAst(pattern, ({ type, name }) => {
          if (type === 'Identifier') counts.set(String(name), (counts.get(String(name)) ?? 0) + 1)
        })
      }
    }
  })
  return counts
}
