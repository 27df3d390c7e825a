import { setup } from 'forkpoint'
import type { Project } from 'ts-morph'
import { expect, test } from 'vitest'
import { addField, removeUnused, renameFunction } from './codemods.ts'
import { createProject } from './project.ts'

let project: Project
setup(() => {
  project = createProject()
})

const textOf = (file: string): string => project.getSourceFileOrThrow(file).getText()

test('renames a function where it is declared and where it is called', () => {
  renameFunction(project, '/src/model-3.ts', 'make3', 'build')
  expect(textOf('/src/model-3.ts')).toContain('export function build(')
  expect(textOf('/src/model-4.ts')).toContain('parent: build(id)')
})

test('has the old name again', () => {
  expect(textOf('/src/model-3.ts')).toContain('export function make3(')
  expect(textOf('/src/model-4.ts')).toContain('parent: make3(id)')
})

test('adds a field, and says who lacks it', () => {
  const problems = addField(project, '/src/model-7.ts', 'Model7', 'createdAt', 'Date')
  expect(problems).toEqual([expect.stringContaining("Property 'createdAt' is missing")])
})

test('keeps what is used', () => {
  expect(removeUnused(project, '/src/model-7.ts')).toEqual([])
})

test('removes what nobody uses', () => {
  expect(removeUnused(project, '/src/model-149.ts')).toEqual(['make149'])
  expect(textOf('/src/model-149.ts')).not.toContain('make149')
})
