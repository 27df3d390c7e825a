/** A small language: numbers, sums, products, names. Its branches are reached by different tests. */
export type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'binary'; readonly operator: '+' | '*'; readonly left: Node; readonly right: Node }

export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem'
}

export function tokens(text: string): string[] {
  return text.match(/\d+|\w+|[+*()]/g) ?? []
}

export function parse(text: string): Node {
  const rest = tokens(text)
  const node = sum(rest)
  if (rest.length > 0) throw new SyntaxProblem(`unexpected ${rest[0]}`)
  return node
}

function sum(rest: string[]): Node {
  let left = product(rest)
  while (rest[0] === '+') {
    rest.shift()
    left = { kind: 'binary', operator: '+', left, right: product(rest) }
  }
  return left
}

function product(rest: string[]): Node {
  let left = atom(rest)
  while (rest[0] === '*') {
    rest.shift()
    left = { kind: 'binary', operator: '*', left, right: atom(rest) }
  }
  return left
}

function atom(rest: string[]): Node {
  const token = rest.shift()
  if (token === undefined) throw new SyntaxProblem('unexpected end')
  if (token === '(') {
    const inner = sum(rest)
    if (rest.shift() !== ')') throw new SyntaxProblem('missing )')
    return inner
  }
  return /^\d/.test(token) ? { kind: 'number', value: Number(token) } : { kind: 'name', name: token }
}
