interface CacheKeys {
  defineCacheKeyGenerator?(keyOf: () => string): void
  /** Its name in Vitest 4.1. */
  experimental_defineCacheKeyGenerator?(keyOf: () => string): void
}

/** Vitest keeps modules on the disk as plugins have made them; with other options of this one they are others. */
export function keyModules(context: CacheKeys, keyOf: () => string): void {
  if (context.defineCacheKeyGenerator !== undefined) context.defineCacheKeyGenerator(keyOf)
  else context.experimental_defineCacheKeyGenerator?.(keyOf)
}
