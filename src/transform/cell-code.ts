import type { Binding } from './scope.ts'

/** The global record where the code finds what it registers with, by way of a name that the module doesn't use for itself. */
const STATE = (global: string): string => `${global}[${global}.Symbol.for("forkpoint.state")]`

/**
 * Writes the code that registers variables with `Cells`.
 *
 * Where no state exists it does nothing. Each name in it begins with one that the module doesn't contain, so that none collides;
 * and what it needs is in a function declaration, so that functions of the module may be called before its first statement
 * has run, as they are in an import cycle.
 */
export class CellCode {
  readonly #prefix: string
  readonly #label: string
  readonly #global: string
  /** Stands before each statement and expression of its own. */
  readonly #mark: string
  #count = 0

  constructor(code: string, label: string, global: string, mark: string) {
    let prefix = '$fp'
    for (let i = 0; code.includes(prefix); i++) prefix = `$fp${i}_`
    this.#prefix = prefix
    this.#label = label
    this.#global = global
    this.#mark = mark
  }

  prologue(): string {
    const p = this.#prefix
    const mark = this.#mark
    return `${mark}var ${p};${mark}function ${p}_(){return ${p}??=${STATE(this.#global)}?.cells??{mod(){}}}`
  }

  /** Of a module: registered whether calls are or not. Kept as that of a call. */
  module(bindings: readonly Binding[]): string {
    const p = this.#prefix
    const cell = this.#nextName()
    return `${this.#mark}const ${cell}=${p}_().mod(${this.#arguments('', bindings, cell)});`
  }

  /**
   * Of one call. `const` and kept by what it reads: see `Cells.call`.
   *
   * @param scopes in how many scopes next to where it stands the bindings are
   */
  call(place: string, bindings: readonly Binding[], scopes: 1 | 2): string {
    const cell = this.#nextName()
    return `${this.#mark}const ${cell}=${this.#ifOn('call', `${this.#arguments(place, bindings, cell)},${scopes}`)}:0;`
  }

  /** Of a class: itself, as `this`, and static private fields. In a static block after those, so that reading them doesn't throw. */
  statics(place: string, names: readonly string[]): string {
    const v = `${this.#prefix}v`
    const read = `()=>[${names.map(name => (name === 'this' ? name : `this.${name}`))}]`
    const writes = names.flatMap((name, i) => (name === 'this' ? [] : `this.${name}=${v}[${i}]`))
    return `;${this.#mark}static{${this.#kept(`${this.#head(place, names)},${read},${v}=>{${writes.join(';')}}`)}}`
  }

  /** An object counts as one of the class once it has the last of its fields: until then reading them would throw. */
  privateFields(place: string, names: readonly string[]): string {
    const o = `${this.#prefix}o`
    const v = `${this.#prefix}v`
    const isOf = `${o}=>${names.at(-1)} in ${o}`
    const read = `${o}=>[${names.map(name => `${o}.${name}`)}]`
    const write = `(${o},${v})=>{${names.map((name, i) => `${o}.${name}=${v}[${i}]`).join(';')}}`
    return `${this.#mark}static{${this.#ifOn('priv', `this,${this.#head(place, names)},${isOf},${read},${write}`)}:0}`
  }

  /** Of an instance that closures in its fields hold on to. It is the beginning of a list of expressions. */
  instance(place: string): string {
    return `0,${this.#mark}${this.#kept(`${this.#head(place, ['this'])},()=>[this],()=>{}`)}`
  }

  #nextName(): string {
    return `${this.#prefix}${this.#count++}`
  }

  #kept(args: string): string {
    return `${this.#ifOn('keep', `this,${this.#prefix}.call(${args})`)}:0`
  }

  #ifOn(method: string, args: string): string {
    const p = this.#prefix
    return `(${p}??${p}_()).on?${p}.${method}(${args})`
  }

  #path(place: string): string {
    return place === '' ? this.#label : `${this.#label} › ${place}`
  }

  #head(place: string, names: readonly string[]): string {
    return `${JSON.stringify(this.#path(place))},${JSON.stringify(names)}`
  }

  #arguments(place: string, bindings: readonly Binding[], cell: string): string {
    const names = bindings.map(({ name }) => name)
    const write = this.#write(bindings)
    return `${this.#head(place, names)},${this.#read(bindings, cell)},${write}`
  }

  /**
   * Variables of a block are initialized from its beginning on: reading stops at the first that isn't, and what it returns is
   * shorter then. So one that never will be (after an early `return`) hides none of those before it.
   */
  #read(bindings: readonly Binding[], cell: string): string {
    const r = `${this.#prefix}r`
    const first = bindings.filter(binding => !binding.canBeEarly).map(({ name }) => name)
    const later = bindings.filter(binding => binding.canBeEarly).map(({ name }) => name)
    if (later.length === 0) return `()=>(${cell},[${first}])`
    const reads = later.map((name, i) => `${r}[${first.length + i}]=${name}`).join(';')
    return `()=>{${cell};const ${r}=[${first}];try{${reads}}catch{}return ${r}}`
  }

  /** What was not initialized when it was read is left alone. */
  #write(bindings: readonly Binding[]): string {
    const v = `${this.#prefix}v`
    const writes = bindings.flatMap(({ name, canBeEarly, isWritable }, i) => {
      if (!isWritable) return []
      return canBeEarly ? `if(${v}.length>${i})${name}=${v}[${i}]` : `${name}=${v}[${i}]`
    })
    return writes.length === 0 ? '()=>{}' : `${v}=>{${writes.join(';')}}`
  }
}
