import type { CellCode } from './cell-code.ts'
import { keyName } from './function-names.ts'
import type { Insertions } from './insertions.ts'
import { bare, type ClassNode, isClass, isFunction } from './node-types.ts'
import type { Scope } from './scope.ts'

/** Registers the private fields of a class. Private methods and accessors hold nothing. */
export function exposePrivateFields(
  { node, scope }: { node: ClassNode; scope: Scope },
  cells: CellCode,
  insertions: Insertions,
): void {
  if (scope.isUntouchable) return
  const { start, end, body } = node.body
  const names = (isStatic: boolean): string[] =>
    body.flatMap(member =>
      member.type === 'PropertyDefinition' &&
      member.static === isStatic &&
      member.key.type === 'PrivateIdentifier'
        ? `#${member.key.name}`
        : [],
    )
  const ofInstances = names(false)
  if (ofInstances.length > 0) insertions.begin(node, start + 1, cells.privateFields(scope.name, ofInstances))
  const ofClass = names(true)
  if (ofClass.length > 0) insertions.begin(node, end - 1, cells.staticFields(scope.name, ofClass))
}

/**
 * Registers instances that closures in their own fields hold on to: `inc = () => this.n++` may be all that is left of one.
 * One field of a class is enough.
 */
export function exposeInstances(scopes: readonly Scope[], cells: CellCode, insertions: Insertions): void {
  const done = new Map<Scope | null, Set<boolean>>()
  for (const { kind, bindings, node, parent, name, isUntouchable } of scopes) {
    if (kind !== 'field' || node.type !== 'PropertyDefinition' || isUntouchable) continue
    if (!bindings.has('this') || !node.value || done.get(parent)?.has(node.static)) continue
    const key = keyName(node)
    const isNamed = takesName(node.value)
    if (isNamed && key === null) continue
    done.set(parent, (done.get(parent) ?? new Set()).add(node.static))
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
