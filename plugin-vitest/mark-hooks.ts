import MagicString, { type SourceMap } from 'magic-string'
import { countBindings } from './count-bindings.ts'
import { type AstNode, walkAst } from './walk-ast.ts'

const HOOK = 'beforeEach'
const MARK = 'globalThis[Symbol.for("forkpoint.vitest.mark")]'

/** Names by which a hook's body reaches for the test it runs before: none is running when it runs once per suite. */
const NEEDS_TEST = new Set(['expect', 'onTestFailed', 'onTestFinished', 'getCurrentTest'])

/**
 * Marks each `beforeEach` of a module, right before its registration, as one that can run once per suite, or says why it can't:
 * decided from the source, because Vitest wraps the function it is given.
 *
 * Expects JavaScript, with its imports still in place: that is how a plugin without `enforce` sees it.
 */
export function markHooks(
  code: string,
  id: string,
  parse: (code: string) => unknown,
): { code: string; map: SourceMap } | null {
  if (!code.includes(HOOK)) return null
  const program = parse(code) as AstNode
  const bindings = countBindings(program)
  const names = hookNames(program, bindings)
  const functions = moduleFunctions(program, bindings)
  const output = new MagicString(code)
  walkAst(program, node => {
    if (node.type !== 'ExpressionStatement') return
    const call = node.expression as AstNode
    const callee = call.callee as AstNode | undefined
    if (call.type !== 'CallExpression' || callee?.type !== 'Identifier' || !names.has(String(callee.name)))
      return
    const [argument] = call.arguments as AstNode[]
    output.prependLeft(call.start, `${MARK}?.(${JSON.stringify(judge(argument, functions))}), `)
  })
  return output.hasChanged()
    ? { code: output.toString(), map: output.generateMap({ source: id, hires: true }) }
    : null
}

/** What the hook is called in this module: its imported names, or its own where it is a global. None that means something else too. */
function hookNames(program: AstNode, bindings: ReadonlyMap<string, number>): Set<string> {
  const names = new Set<string>()
  for (const statement of program.body as AstNode[]) {
    if (statement.type !== 'ImportDeclaration' || (statement.source as AstNode).value !== 'vitest') continue
    for (const { imported, local } of statement.specifiers as Array<{ imported?: AstNode; local: AstNode }>) {
      const name = String(local.name)
      if (imported?.name === HOOK && bindings.get(name) === 1) names.add(name)
    }
  }
  if (!bindings.has(HOOK)) names.add(HOOK)
  return names
}

/** Functions of the module by name, for hooks that are given by name. None whose name is declared again somewhere. */
function moduleFunctions(program: AstNode, bindings: ReadonlyMap<string, number>): Map<string, AstNode> {
  const functions = new Map<string, AstNode>()
  const add = (id: AstNode, node: AstNode): void => {
    if (bindings.get(String(id.name)) === 1) functions.set(String(id.name), node)
  }
  for (const statement of program.body as AstNode[]) {
    const declaration = (statement.declaration as AstNode | null | undefined) ?? statement
    if (declaration.type === 'FunctionDeclaration' && declaration.id)
      add(declaration.id as AstNode, declaration)
    if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue
    for (const { id, init } of declaration.declarations as Array<{ id: AstNode; init: AstNode | null }>) {
      if (id.type === 'Identifier' && init !== null && isFunction(init)) add(id, init)
    }
  }
  return functions
}

/** Why a hook can't run once per suite, or null when it can. */
function judge(argument: AstNode | undefined, functions: Map<string, AstNode>): string | null {
  const hook = argument?.type === 'Identifier' ? functions.get(String(argument.name)) : argument
  if (hook === undefined) return 'its name is not that of exactly one function of its file'
  if (!isFunction(hook)) return 'its function is not written in the same file'
  if ((hook.params as AstNode[]).length > 0) return 'it takes the test context'
  if (hook.generator === true) return 'it is a generator'
  let reason: string | null = null
  walkAst(hook.body as AstNode, node => {
    if (node.type !== 'Identifier') return
    const name = String(node.name)
    if (NEEDS_TEST.has(name)) reason = `it uses \`${name}\`, which needs a running test`
    else if (name === 'arguments') reason = 'it takes the test context'
  })
  return reason
}

function isFunction({ type }: AstNode): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression' || type === 'FunctionDeclaration'
}
