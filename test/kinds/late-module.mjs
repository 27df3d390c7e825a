// Loaded in a run for the first time.
export let visits = 0

export function visit() {
  visits++
}
