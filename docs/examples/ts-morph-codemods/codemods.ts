import type { Project } from 'ts-morph'

/** Renames a function and everything that refers to it. */
export function renameFunction(project: Project, file: string, from: string, to: string): void {
  project.getSourceFileOrThrow(file).getFunctionOrThrow(from).rename(to)
}

/** Adds a field to an interface; those who make such objects have to be told. */
export function addField(
  project: Project,
  file: string,
  name: string,
  field: string,
  type: string,
): string[] {
  project.getSourceFileOrThrow(file).getInterfaceOrThrow(name).addProperty({ name: field, type })
  return project
    .getSourceFileOrThrow(file)
    .getPreEmitDiagnostics()
    .map(diagnostic => String(diagnostic.getMessageText()))
}

/** Removes functions that nobody refers to, and says which. */
export function removeUnused(project: Project, file: string): string[] {
  const unused = project
    .getSourceFileOrThrow(file)
    .getFunctions()
    .filter(fn => fn.findReferencesAsNodes().length === 0)
  const names = unused.map(fn => fn.getName() ?? '')
  for (const fn of unused) fn.remove()
  return names
}
