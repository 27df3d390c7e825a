/** What Vitest shows for the pool in its own messages. */
export const POOL_NAME = 'forkpoint'
