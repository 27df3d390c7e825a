export { TransformCache } from './cache.ts'
export { cacheFolder } from './cache-folder.ts'
export { exposeModules } from './expose-modules.ts'
export { type Exposed, type ExposeOptions, exposeState } from './expose-state.ts'
