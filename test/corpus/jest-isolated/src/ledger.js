const entries = new Map()
let total = 0

exports.reset = () => {
  entries.clear()
  total = 0
}
exports.add = (name, amount) => {
  entries.set(name, (entries.get(name) ?? 0) + amount)
  total += amount
  if (total > 1000) throw new RangeError(`the ledger is full: ${total}`)
  return total
}
exports.names = () => [...entries.keys()]
exports.total = () => total
