export { type Exposed, type ExposeOptions, exposeState } from './expose-state.ts'
