import ts from 'typescript'

/** Tags that say something in words, in the order in which they are read, and the word before each. */
const SAID = { param: 'Parameter', returns: 'Returns', throws: 'Throws' }

/**
 * A JSDoc comment in Markdown.
 *
 * @param given what its example takes for granted, for the test that checks it
 */
export function describeComment(comment, given) {
  if (comment === undefined) return ''
  const tags = comment.tags ?? []
  const said = Object.entries(SAID).flatMap(([tag, word]) =>
    tags.filter(({ tagName }) => tagName.text === tag).map(each => describeTag(word, each)),
  )
  const defaults = tags.filter(({ tagName }) => tagName.text === 'default').map(describeDefault)
  const examples = tags
    .filter(({ tagName }) => tagName.text === 'example')
    .map(each => describeExample(each, given))
  return [textOf(comment.comment), said.join('\n'), ...defaults, ...examples].filter(Boolean).join('\n\n')
}

function describeTag(word, tag) {
  const name = ts.isJSDocParameterTag(tag) ? ` \`${tag.name.getText()}\`` : ''
  const type =
    tag.typeExpression && tag.tagName.text === 'throws' ? ` \`${tag.typeExpression.type.getText()}\`` : ''
  const text = textOf(tag.comment).replaceAll('\n', ' ')
  return `- ${word}${name}${type}: ${text}`
}

function describeDefault(tag) {
  const text = textOf(tag.comment)
  return `Default: ${text === 'none' ? text : `\`${text}\``}.`
}

function describeExample(tag, given) {
  const hidden = given === '' ? '' : `<!-- given\n${given}\n-->\n`
  return `${hidden}\`\`\`ts\n${textOf(tag.comment)}\n\`\`\``
}

function textOf(comment) {
  const text = ts.getTextOfJSDocComment(comment) ?? ''
  return text.replaceAll(/\{@link (\w+)\}/g, '`$1`').trim()
}
