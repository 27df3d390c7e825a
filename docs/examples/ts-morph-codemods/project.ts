import { Project } from 'ts-morph'

const FILES = 150

/** A project in memory, each file of which uses the one before: parsed, and checked once. */
export function createProject(): Project {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { strict: true } })
  for (let n = 0; n < FILES; n++) project.createSourceFile(`/src/model-${n}.ts`, sourceOf(n))
  const [problem] = project.getPreEmitDiagnostics()
  if (problem !== undefined) throw new Error(String(problem.getMessageText()))
  return project
}

function sourceOf(n: number): string {
  const before = n === 0 ? null : n - 1
  return `
${before === null ? '' : `import { type Model${before}, make${before} } from './model-${before}'`}
export interface Model${n} { id: number; name: string${before === null ? '' : `; parent: Model${before}`} }
export function make${n}(id: number): Model${n} {
  return { id, name: 'model ' + id${before === null ? '' : `, parent: make${before}(id)`} }
}
`
}
