const { parse } = require('./parse.js')

exports.Workspace = class Workspace {
  #files = new Map()
  add(name, text) {
    if (this.#files.has(name)) throw new Error(`${name} is there`)
    this.#files.set(name, parse(text))
    return this
  }
  rename(from, to) {
    const content = this.#files.get(from)
    if (!content) return false
    this.#files.delete(from)
    this.#files.set(to, content)
    return true
  }
  get names() {
    return [...this.#files.keys()]
  }
}
