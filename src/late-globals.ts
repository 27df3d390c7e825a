/** Variables that Node gives a global object when its own `fetch` is first looked at, whoever does. They can't be removed. */
const LATE = /^Symbol\(undici\.globalDispatcher\b/

export function isLateGlobal(key: PropertyKey): boolean {
  return typeof key === 'symbol' && LATE.test(String(key))
}
