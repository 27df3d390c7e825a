import { type Inspector, withInspector } from '../../with-inspector.ts'

/** forkpoint's own code is no state of the user's. */
const OWN = new URL('.', import.meta.url).href

/** Which code is the user's: not Node's, not forkpoint's, and not that which runs the tests. */
export class Scripts {
  readonly #isRunnerCode: (path: string) => boolean
  readonly #urls = new Map<string, string>()
  readonly #early = new Set<string>()

  /** @param isRunnerCode of an address or a path */
  constructor(isRunnerCode: (path: string) => boolean) {
    this.#isRunnerCode = isRunnerCode
  }

  /** Call it before user code runs: what is loaded by then is none of the user's. */
  static besidesThoseOf(isRunnerCode: (path: string) => boolean): Scripts {
    const scripts = new Scripts(isRunnerCode)
    for (const id of withInspector(({ listScripts }) => listScripts()).keys()) scripts.#early.add(id)
    return scripts
  }

  isForeign(id: string, { listScripts }: Inspector): boolean {
    if (this.#early.has(id)) return true
    if (!this.#urls.has(id)) {
      for (const [each, url] of listScripts()) this.#urls.set(each, url)
    }
    // Code that `eval` or `new Function` has made has no address, and of some V8 says nothing.
    const url = this.#urls.get(id) ?? ''
    this.#urls.set(id, url)
    return url.startsWith('node:') || url.startsWith(OWN) || this.#isRunnerCode(url)
  }
}
