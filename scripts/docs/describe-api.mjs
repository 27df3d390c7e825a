// The public interface in Markdown, from the sources: signatures as they are declared, and the comments that stand before them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describeComment } from './describe-comment.mjs'
import { GIVEN } from './given.mjs'

const fromRoot = path => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const parse = path =>
  ts.createSourceFile(path, readFileSync(fromRoot(path), 'utf8'), ts.ScriptTarget.Latest, true)

/** Every export of 'forkpoint': functions and classes first, then types. */
export function describeExports() {
  const exported = parse('src/index.ts').statements.flatMap(statement =>
    statement.exportClause.elements.map(({ name, isTypeOnly }) => ({
      name: name.text,
      isType: isTypeOnly || statement.isTypeOnly,
      declaration: findDeclaration(`src/${statement.moduleSpecifier.text.slice(2)}`, name.text),
    })),
  )
  const describe = wantsTypes =>
    exported
      .filter(({ isType, declaration }) => isType === wantsTypes && declaration !== null)
      .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      .map(describeExport)
      .join('\n\n')
  return `${describe(false)}\n\n## Types\n\n${describe(true)}`
}

/** Every option: what it is for, its values, its default. */
export function describeOptions() {
  const path = 'src/options/forkpoint-options.ts'
  const { members } = findDeclaration(path, 'ForkpointOptions')
  const options = members.map(member =>
    [`### \`${member.name.text}\``, bodyOf(member)].filter(Boolean).join('\n\n'),
  )
  return [...options, describeExport({ name: 'Rule', declaration: findDeclaration(path, 'Rule') })].join(
    '\n\n',
  )
}

/** Null for what is only passed on, and stands elsewhere on the page. */
function findDeclaration(path, name) {
  const found = parse(path).statements.find(statement => statement.name?.text === name)
  if (found === undefined && name === 'ForkpointOptions') return null
  if (found === undefined) throw new Error(`${path} does not declare ${name}`)
  return found
}

function describeExport({ name, declaration }) {
  const heading = ts.isFunctionDeclaration(declaration) ? `${name}()` : name
  return [
    `### \`${heading}\``,
    `\`\`\`ts signature\n${signatureOf(declaration)}\n\`\`\``,
    bodyOf(declaration, name),
    ...membersOf(declaration),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** A declaration without its comments, and without what it does. */
function signatureOf(declaration) {
  if (ts.isClassDeclaration(declaration)) return classSignature(declaration)
  const text = declaration.getText()
  const until = ts.isFunctionDeclaration(declaration)
    ? declaration.body.getStart() - declaration.getStart()
    : text.length
  return text
    .slice(0, until)
    .replace(/^export /, '')
    .replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '')
    .trim()
}

function classSignature(declaration) {
  const { name, heritageClauses = [] } = declaration
  const parents = heritageClauses.map(clause => ` ${clause.getText()}`).join('')
  const members = declaration.members.filter(isPublic).map(member => `  ${memberSignature(member)}`)
  return [`class ${name.text}${parents} {`, ...members, '}'].join('\n')
}

function memberSignature(member) {
  const until = member.body ? member.body.getStart() - member.getStart() : member.getText().length
  return member
    .getText()
    .slice(0, until)
    .replace(/^\/\*\*[\s\S]*?\*\/\s*/, '')
    .replace(/^(async|override|declare) /, '')
    .replace(/^(async|override|declare) /, '')
    .replace(/ = .*$/, '')
    .trim()
}

function isPublic(member) {
  const isStatic = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
  const isHidden = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal')
  return !isStatic && !isHidden && member.name !== undefined && !ts.isPrivateIdentifier(member.name)
}

/** What is to be said of the members of a class or an interface. */
function membersOf(declaration) {
  if (ts.isClassDeclaration(declaration)) {
    return declaration.members
      .filter(member => isPublic(member) && bodyOf(member) !== '')
      .map(
        member =>
          `#### \`${declaration.name.text}.${member.name.getText()}\`\n\n${bodyOf(member, member.name.getText())}`,
      )
  }
  if (!ts.isInterfaceDeclaration(declaration)) return []
  const rows = declaration.members
    .map(member => [member.name.getText(), bodyOf(member).replaceAll('\n', ' ')])
    .filter(([, body]) => body !== '')
    .map(([name, body]) => `- \`${name}\`: ${body}`)
  return rows.length === 0 ? [] : [rows.join('\n')]
}

function bodyOf(node, name) {
  return describeComment(node.jsDoc?.at(-1), GIVEN[name] ?? '')
}
