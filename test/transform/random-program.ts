/** Numbers that look random and are the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed + 1
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/**
 * A program that makes closures and instances over numbers in scopes of all kinds, and returns them as `{ fns, objs }`. All its
 * state is in variables and private fields.
 */
export function randomProgram(seed: number): string {
  const random = numbers(seed)
  let count = 0
  const fresh = (): string => `v${count++}`
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T

  const value = (names: readonly string[]): string =>
    names.length === 0 || random(3) === 0 ? String(random(100)) : pick(names)

  const change = (names: readonly string[]): string => {
    if (names.length === 0) return '0'
    const [a, b] = [pick(names), pick(names)]
    return pick([
      `${a}++`,
      `(${a} = (${a} * 3 + ${value(names)}) % 997)`,
      `([${a}, ${b}] = [${b} + 1, ${a}])[0]`,
      `({ x: ${a} } = { x: ${value(names)} + 1 }).x`,
      `(() => --${a})()`,
      `(${a} ^= 5)`,
    ])
  }

  const closure = (names: readonly string[]): string => {
    const p = fresh()
    const result = `${change(names)} + ${value(names)}`
    return pick([
      `() => ${result}`,
      `() => { const ${p} = ${value(names)}; return ${result} + ${p} }`,
      `function () { return ${result} }`,
      `(${p} => () => ${p}++ + ${value(names)})(${value(names)})`,
      `((${p}, ${p}d = ${p}, ...${p}r) => () => ${p}++ + ${p}d++ + ${p}r.length)(${value(names)})`,
      `(function () { return () => arguments[0]++ + ${value(names)} })(${value(names)})`,
      `(function (${p}) { arguments[0] = 3; return () => ${p} + ${result} })(${value(names)})`,
    ])
  }

  const block = (names: readonly string[], depth: number, isLoop = false): string => {
    const inner = [...names]
    const statements = Array.from({ length: 1 + random(4) }, () => statement(inner, depth))
    if (isLoop && random(4) === 0) statements.push(`if (${value(inner)} % 2) continue`)
    return statements.join(';\n')
  }

  const declare = (names: string[]): string => {
    const name = fresh()
    const text = `${pick(['let', 'var'])} ${name} = ${value(names)}`
    names.push(name)
    return text
  }

  const nested = (names: string[], depth: number): string => {
    const v = fresh()
    const own = [...names, v]
    const body = (): string => block(own, depth - 1)
    const one = `fns.push(${closure(own)})`
    const [ofLoop, label] = [pick([`{\n${block(own, depth - 1, true)}\n}`, one]), `l${v}`]
    return pick([
      () => `{\n${block(names, depth - 1)}\n}`,
      () => `if (${value(names)} % 2) {\n${block(names, depth - 1)}\n} else fns.push(${closure(names)})`,
      () => `for (let ${v} = 0; ${v} < 3; ${v} = (${v} | 0) + 1) { if (${v} > 3) break\n${one} }`,
      () =>
        `${label}: for (const ${v}c of [1, 2]) { let ${v} = ${v}c;\n${body()}\nif (${v} > 500) continue ${label} }`,
      () => `for (let ${v} of [${value(names)}, 7]) ${ofLoop}`,
      () => `for (var ${v} in [1, 2]) { ${v} = Number(${v});\n${body()} }`,
      () =>
        `switch (${value(names)} % 3) { case 0: let ${v} = 1; ${one}\ncase 1: fns.push(${closure(names)}); break; default: { ${block(names, depth - 1)} } }`,
      () =>
        `try { let ${v} = 1;\n${body()}\nthrow ${v} } catch (${v}) {\n${body()}\n} finally { fns.push(${closure(names)}) }`,
      () =>
        `function f${v}(${v}) {\n${body()}\nreturn ${change(own)} }\nf${v}(1); fns.push(() => f${v}c(2)); function f${v}c(${v}) { return ${change(own)} }`,
      () => `[1, 2].map(${v} => fns.push(${closure(own)}))`,
      () => `[...(function* () { let ${v} = 1;\n${body()}\nyield ${v} })()]`,
      () =>
        `class C${v} { #a = 1; static #s = 2; ${v} = () => ++this.#a; m() { return ++this.#a + ++C${v}.#s + ${change(names)} } static { let ${v} = 3; ${one} } }\n` +
        `{ const o = new C${v}(); objs.push(o); fns.push(o.${v}, () => o.m()) }`,
    ])()
  }

  const statement = (names: string[], depth: number): string => {
    const kind = random(depth > 0 ? 6 : 3)
    if (kind === 0) return declare(names)
    if (kind === 1) return `fns.push(${closure(names)})`
    return kind === 2 ? change(names) : nested(names, depth)
  }

  const names: string[] = []
  const first = declare(names)
  const top = Array.from({ length: 6 }, () => statement(names, 3)).join(';\n')
  return `const fns = [], objs = []\n${first};\n${top};\n${block(names, 3)}\nreturn { fns, objs }`
}
