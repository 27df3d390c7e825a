// A module whose state is its own variable, seen by importers through a live binding.
export let total = 0

export function raiseTotal() {
  total++
}

export function readTotal() {
  return total
}
