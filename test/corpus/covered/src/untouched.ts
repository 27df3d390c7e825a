export function untouched(value: number): number {
  return value > 0 ? value : -value
}
