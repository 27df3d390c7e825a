import { relative } from 'node:path'
import type { Rule } from '../../options/forkpoint-options.ts'
import { type Frame, isOfNode, isOwn, pathOf } from './callers.ts'
import type { HostCall } from './host-call.ts'
import { toPattern } from './to-pattern.ts'

interface ReadRule {
  rule: Rule
  call: RegExp
  from: RegExp | null
  path: RegExp | null
}

/** The project's own rules: the first that fits a call says what it is. */
export class RuleBook {
  readonly #rules: ReadRule[]
  readonly #root: string
  /** Indexes of the rules that have fitted a call. */
  readonly used: Set<number> = new Set()

  constructor(rules: readonly Rule[], root: string) {
    this.#root = root
    this.#rules = rules.map(rule => ({
      rule,
      call: toPattern(rule.call),
      from: rule.from === undefined ? null : toPattern(rule.from),
      path: rule.path === undefined ? null : toPattern(rule.path),
    }))
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0
  }

  /** @param frames from whom the call came, the innermost first */
  find(call: HostCall, frames: readonly Frame[]): Rule | null {
    const index = this.#rules.findIndex(each => this.#fits(each, call, frames))
    if (index < 0) return null
    this.used.add(index)
    return this.#rules[index]?.rule ?? null
  }

  #fits({ rule, call, from, path }: ReadRule, seen: HostCall, frames: readonly Frame[]): boolean {
    if (!call.test(seen.call)) return false
    if (path !== null && !this.#namesOf(seen.resource).some(name => path.test(name))) return false
    if (from !== null && !frames.some(frame => this.#isFrom(frame, from))) return false
    return rule.when === undefined || rule.when({ call: seen.call, resource: seen.resource }) === true
  }

  /** A path fits as it is, and as it is seen from the project's folder. */
  #namesOf(resource: string): string[] {
    return resource.startsWith('/') ? [resource, relative(this.#root, resource)] : [resource]
  }

  #isFrom(frame: Frame, from: RegExp): boolean {
    if (isOfNode(frame) || isOwn(frame)) return false
    return this.#namesOf(pathOf(frame.file)).some(name => from.test(name))
  }
}
