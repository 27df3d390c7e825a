import { now } from './clock.ts'

export const greet = (name: string): string => `${now() < 0 ? 'then' : 'hello'} ${name}`
export default greet
