/** Of a glob: `**` is anything, `*` anything without a slash, `?` one character without, `{a,b}` one of them. */
const TOKENS: ReadonlyArray<readonly [token: RegExp, pattern: string]> = [
  [/^\*\*\//, '(?:.*/)?'],
  [/^\*\*/, '.*'],
  [/^\*/, '[^/]*'],
  [/^\?/, '[^/]'],
  [/^\{/, '(?:'],
  [/^\}/, ')'],
  [/^,/, '|'],
]

/** The expression for a glob, which has to fit a whole name. */
export function toPattern(glob: string): RegExp {
  let pattern = ''
  let depth = 0
  for (let rest = glob; rest !== ''; ) {
    const [token, made] = TOKENS.find(([each]) => each.test(rest)) ?? [/^[\s\S]/, '']
    const [text = ''] = token.exec(rest) ?? []
    if (text === '{') depth++
    const isLiteral = made === '' || (text === ',' && depth === 0) || (text === '}' && depth === 0)
    pattern += isLiteral ? text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : made
    if (text === '}' && depth > 0) depth--
    rest = rest.slice(text.length)
  }
  return new RegExp(`^${pattern}$`)
}
