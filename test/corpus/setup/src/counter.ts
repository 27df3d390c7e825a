let count = 0
export const next = (): number => ++count
export const reset = (): void => {
  count = 0
}
export { count }
