import { evaluate, type Scope } from './evaluate.ts'
import { parse } from './parse.ts'

export class Workspace {
  readonly #scope: Scope = { names: new Map() }
  readonly history: string[] = []
  static #open: Workspace | undefined

  static open(): Workspace {
    Workspace.#open = new Workspace()
    Workspace.#open.define('one', '1')
    return Workspace.#open
  }

  static get current(): Workspace {
    if (!Workspace.#open) throw new Error('no workspace')
    return Workspace.#open
  }

  define(name: string, text: string): void {
    this.history.push(`${name} = ${text}`)
    this.#scope.names.set(name, evaluate(parse(text), this.#scope))
  }

  run(text: string): number {
    this.history.push(text)
    return evaluate(parse(text), this.#scope)
  }

  forgive(): void {
    this.#scope.onMissing = () => 0
  }

  close(): void {
    Workspace.#open = undefined
  }
}
