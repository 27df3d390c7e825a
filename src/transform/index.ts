export { TransformCache } from './cache.ts'
export { type Exposed, type ExposeOptions, exposeState } from './expose-state.ts'
