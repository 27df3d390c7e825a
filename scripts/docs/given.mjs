/** What the examples in comments take for granted, by what they are examples of: they are type-checked with it. */
export const GIVEN = {
  setup: `import { setup } from 'forkpoint'
interface Database { close(): void }
declare function createDatabase(): Promise<Database>`,
  run: `import { checkpoint } from 'forkpoint'
declare const cart: Set<string>`,
  beforeFork: `import { beforeFork } from 'forkpoint'
declare const pool: { end(): Promise<void> }`,
  afterFork: `import { afterFork } from 'forkpoint'
declare let pool: object
declare function connect(): Promise<object>`,
  exclude: `import { exclude } from 'forkpoint'
declare const compiled: Map<string, () => string>`,
  hostCall: `import { hostCall } from 'forkpoint'
declare const s3: { create(name: string): Promise<void>; remove(name: string): Promise<void> }`,
  onRollback: `import { onRollback } from 'forkpoint'
declare const client: { query(sql: string): Promise<void> }`,
  rollbackSafe: `import { execSync } from 'node:child_process'
import { rollbackSafe } from 'forkpoint'`,
}
