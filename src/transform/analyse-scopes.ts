import type { Node, Program } from 'oxc-parser'
import { childrenOf } from './children.ts'
import { FunctionNames, keyName } from './function-names.ts'
import {
  type ClassNode,
  type FunctionNode,
  isClass,
  isDirective,
  isFunction,
  type LoopNode,
} from './node-types.ts'
import { namesOf } from './pattern.ts'
import { type ReferenceKind, References } from './references.ts'
import { type BindingKind, Scope } from './scope.ts'

export interface Analysis {
  /** Outer ones first. */
  scopes: Scope[]
  classes: Array<{ node: ClassNode; scope: Scope }>
}

/** Finds the scopes of a program, their variables, and how each is used. Of `foreign` names it knows that they are declared. */
export function analyseScopes(program: Program, foreign?: RegExp): Analysis {
  const analyser = new Analyser(program, foreign)
  return { scopes: analyser.scopes, classes: analyser.classes }
}

/**
 * Visits nodes from a list rather than by calling itself, so that no code is nested too deeply for it; so it sees them in no
 * particular order, and names are looked up when all have been seen.
 */
class Analyser {
  readonly scopes: Scope[] = []
  readonly classes: Analysis['classes'] = []
  readonly #references = new References()
  readonly #names = new FunctionNames()
  readonly #pending: Array<[Node, Scope]> = []
  readonly #foreign: RegExp | undefined

  constructor(program: Program, foreign: RegExp | undefined) {
    this.#foreign = foreign
    this.#visit(program.body, this.#open('module', program, null))
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) this.#enter(...next)
    this.#references.resolve()
    for (const { bindings } of this.scopes)
      for (const binding of bindings.values()) binding.isForeign = foreign?.test(binding.name) === true
  }

  #open(...parameters: ConstructorParameters<typeof Scope>): Scope {
    const scope = new Scope(...parameters)
    this.scopes.push(scope)
    return scope
  }

  #visit(nodes: Node | ReadonlyArray<Node | null | undefined> | null | undefined, scope: Scope): void {
    for (const node of Array.isArray(nodes) ? nodes : [nodes]) if (node) this.#pending.push([node, scope])
  }

  #enter(node: Node, scope: Scope): void {
    if (isFunction(node)) this.#enterFunction(node, scope)
    else if (isClass(node)) this.#enterClass(node, scope)
    else this.#enterOther(node, scope)
  }

  #enterOther(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node.name, scope, 'read')
        break
      case 'ThisExpression':
      case 'Super':
        this.#refer('this', scope, 'read')
        break
      case 'CallExpression':
        this.#enterCall(node, scope)
        break
      case 'AssignmentExpression':
        for (const { name } of namesOf(node.left)) this.#refer(name, scope, 'write')
        if (node.left.type === 'Identifier') this.#names.give(node.right, node.left.name)
        this.#visit([node.left, node.right], scope)
        break
      case 'UpdateExpression':
        for (const { name } of namesOf(node.argument)) this.#refer(name, scope, 'write')
        this.#visit(node.argument, scope)
        break
      case 'MemberExpression':
        this.#visit([node.object, node.computed ? node.property : null], scope)
        break
      case 'Property':
        this.#names.give(node.value, keyName(node))
        this.#visit([node.computed ? node.key : null, node.value], scope)
        break
      case 'VariableDeclaration':
        this.#declareVariables(node, scope)
        break
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) scope.declare(local.name, 'import', local.start)
        break
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#visit(node.declaration, scope)
        else if (!node.source)
          for (const { local } of node.specifiers)
            if (local.type === 'Identifier') this.#refer(local.name, scope, 'call')
        break
      case 'BlockStatement':
        this.#visit(node.body, this.#open('block', node, scope))
        break
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#enterLoop(node, scope)
        break
      case 'CatchClause': {
        const inner = this.#open('catch', node, scope)
        this.#declareNames(node.param, 'param', inner)
        this.#visit([node.param, ...node.body.body], inner)
        break
      }
      case 'SwitchStatement':
        this.#enterSwitch(node, scope)
        break
      case 'WithStatement':
        this.#visit(node.object, scope)
        this.#visit(node.body, this.#open('block', node.body, scope, { isUntouchable: true }))
        break
      case 'MetaProperty':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ExportAllDeclaration':
        break
      case 'LabeledStatement':
        this.#visit(node.body, scope)
        break
      default:
        this.#visit(childrenOf(node), scope)
    }
  }

  #enterFunction(node: FunctionNode, scope: Scope): void {
    const { body, id } = node
    if (node.type === 'FunctionDeclaration' && id) scope.declare(id.name, 'function', id.start, null)
    const outer = node.type === 'FunctionExpression' && id ? this.#open('block', node, scope) : scope
    if (outer !== scope && id) outer.declare(id.name, 'own name', id.start)
    const statements: readonly Node[] =
      body === null ? [] : body.type === 'BlockStatement' ? body.body : [body]
    const isAsm = statements.some(statement => isDirective(statement) && isAsmDirective(statement))
    const inner = this.#open('function', node, outer, {
      name: this.#names.ofFunction(node, scope.name),
      isUntouchable: scope.isUntouchable || isAsm || this.#foreign?.test(id?.name ?? '') === true,
    })
    for (const parameter of node.params) this.#declareNames(parameter, 'param', inner)
    this.#visit(node.params, inner)
    this.#visit(statements, inner)
  }

  #enterClass(node: ClassNode, scope: Scope): void {
    if (node.type === 'ClassDeclaration' && node.id) scope.declare(node.id.name, 'class', node.id.start)
    const name = this.#names.ofClass(node)
    const inner = this.#open('class', node, scope, { name })
    if (node.id) inner.declare(node.id.name, 'own name', node.id.start)
    this.classes.push({ node, scope: inner })
    this.#visit([node.superClass, ...node.decorators], inner)
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        this.#visit(member.body, this.#open('static block', member, inner))
        continue
      }
      if (!('key' in member)) continue
      this.#visit([member.computed ? member.key : null, ...member.decorators], inner)
      const key = keyName(member)
      const path = key === null ? name : `${name}.${key}`
      this.#names.give(member.value, path)
      const isField = member.type === 'PropertyDefinition'
      this.#visit(member.value, isField ? this.#open('field', member, inner, { name: path }) : inner)
    }
  }

  #enterCall(node: Node & { type: 'CallExpression' }, scope: Scope): void {
    const { callee } = node
    if (callee.type === 'Identifier') {
      this.#refer(callee.name, scope, 'call')
      if (callee.name === 'eval') this.#references.addEval(scope)
    } else {
      this.#visit(callee, scope)
    }
    this.#visit(node.arguments, scope)
  }

  #enterLoop(node: LoopNode, scope: Scope): void {
    const inner = this.#open('loop', node, scope)
    if (node.type === 'ForStatement') {
      this.#visit([node.init, node.test, node.update], inner)
    } else {
      if (node.left.type !== 'VariableDeclaration')
        for (const { name } of namesOf(node.left)) this.#refer(name, inner, 'write')
      this.#visit([node.left, node.right], inner)
    }
    this.#visit(node.body, inner)
  }

  #enterSwitch(node: Node & { type: 'SwitchStatement' }, scope: Scope): void {
    this.#visit(node.discriminant, scope)
    const whole = this.#open('switch', node, scope)
    for (const clause of node.cases) {
      this.#visit(clause.test, whole)
      this.#visit(clause.consequent, whole)
    }
  }

  #declareVariables(node: Node & { type: 'VariableDeclaration' }, scope: Scope): void {
    const isLoopHead = 'left' in scope.node && scope.node.left === node
    for (const { id, init } of node.declarations) {
      if (node.kind === 'var') {
        for (const { name, start } of namesOf(id)) {
          const value = isLoopHead ? undefined : id.type === 'Identifier' ? init : undefined
          scope.owner.declare(name, 'var', start, value)
          // The declaration may be reached again and again, and each time gives another value.
          if (value !== null && scope !== scope.owner) this.#refer(name, scope, 'write')
        }
      } else {
        const kind = node.kind === 'let' ? 'let' : 'const'
        for (const { name, start } of namesOf(id)) {
          scope.declare(name, kind, start, id.type === 'Identifier' && !isLoopHead ? init : undefined)
        }
      }
      if (id.type === 'Identifier') this.#names.give(init, id.name)
      this.#visit([id.type === 'Identifier' ? null : id, init], scope)
    }
  }

  #declareNames(pattern: Node | null, kind: BindingKind, scope: Scope): void {
    for (const { name, start } of namesOf(pattern)) scope.declare(name, kind, start)
  }

  #refer(name: string, scope: Scope, kind: ReferenceKind): void {
    this.#references.add(name, scope, kind)
  }
}

function isAsmDirective(node: Node): boolean {
  return node.type === 'ExpressionStatement' && node.directive === 'use asm'
}
