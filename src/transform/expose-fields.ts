import type { Analysis } from './analyse-scopes.ts'
import type { CellCode } from './cell-code.ts'
import { keyName } from './function-names.ts'
import type { Insertions } from './insertions.ts'
import { bare, type ClassNode, isClass, isFunction } from './node-types.ts'
import type { Scope } from './scope.ts'

/**
 * Registers the private fields of a class, and the class itself where closures may be all that holds on to it. Private methods
 * and accessors hold nothing.
 */
export function exposeClasses({ scopes, classes }: Analysis, cells: CellCode, insertions: Insertions): void {
  const usedByFields = new Set(
    scopes.filter(scope => isFieldWithThis(scope, true)).map(({ parent }) => parent),
  )
  for (const { node, scope } of classes) {
    if (scope.isUntouchable) continue
    const ofInstances = privateNames(node, false)
    if (ofInstances.length > 0)
      insertions.begin(node, node.body.start + 1, cells.privateFields(scope.name, ofInstances))
    const ofClass = privateNames(node, true)
    const isHeld = usedByFields.has(scope) || isUsedByMethods(node, scope)
    if (isHeld || ofClass.length > 0)
      insertions.begin(
        node,
        node.body.end - 1,
        cells.statics(scope.name, isHeld ? ['this', ...ofClass] : ofClass),
      )
  }
}

function privateNames({ body }: ClassNode, isStatic: boolean): string[] {
  return body.body.flatMap(member =>
    member.type === 'PropertyDefinition' &&
    member.static === isStatic &&
    member.key.type === 'PrivateIdentifier'
      ? `#${member.key.name}`
      : [],
  )
}

/** Code in a class that uses its name may outlive every other way to it, but for the variable of a module. */
function isUsedByMethods({ type }: ClassNode, { bindings, parent }: Scope): boolean {
  if (type === 'ClassDeclaration' && parent?.kind === 'module') return false
  return [...bindings.values()].some(({ isCaptured }) => isCaptured)
}

function isFieldWithThis({ kind, bindings, node, isUntouchable }: Scope, isStatic: boolean): boolean {
  if (kind !== 'field' || node.type !== 'PropertyDefinition' || isUntouchable) return false
  return node.static === isStatic && bindings.has('this')
}

/**
 * Registers instances that closures in their own fields hold on to: `inc = () => this.n++` may be all that is left of one.
 * One field of a class is enough.
 */
export function exposeInstances({ scopes }: Analysis, cells: CellCode, insertions: Insertions): void {
  const done = new Set<Scope | null>()
  for (const scope of scopes) {
    const { node, parent, name } = scope
    if (!isFieldWithThis(scope, false) || done.has(parent)) continue
    if (node.type !== 'PropertyDefinition' || !node.value) continue
    const key = keyName(node)
    const isNamed = takesName(node.value)
    if (isNamed && key === null) continue
    done.add(parent)
    const place = parent?.name ?? name
    // A function is given the name of its field only where it stands alone: here it gets it from a property of that name.
    const property = JSON.stringify([key])
    insertions.begin(
      node.value,
      node.value.start,
      `(${cells.instance(place)},${isNamed ? `{${property}:` : ''}`,
    )
    insertions.end(node.value, node.value.end, isNamed ? `}${property})` : ')')
  }
}

function takesName(value: Parameters<typeof bare>[0]): boolean {
  const node = bare(value)
  return node != null && (isFunction(node) || isClass(node)) && node.id === null
}
