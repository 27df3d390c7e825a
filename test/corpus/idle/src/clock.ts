export const now = (): number => Date.now()

export function later<T>(ms: number, value: T): Promise<T> {
  return new Promise(resolve => setTimeout(resolve, ms, value))
}
