import { createRequire } from 'node:module'
import type { Call, Patches } from '../patches.ts'
import type { HostGuard } from './host-guard.ts'

/** Statements that only read. Others may change something. */
const READS = /^\s*(?:--[^\n]*\n\s*)*(select|explain|values|pragma\s+\w+\s*;?\s*$)/i

interface Database {
  location?(): string | null
}

const require = createRequire(import.meta.url)

/**
 * SQLite writes its files itself. What can be replaced is the methods through which statements get to it; to load the module for
 * that would print Node's warning, so it is done when somebody else has loaded it.
 */
export function watchDatabases(guard: HostGuard, patches: Patches): void {
  let isWatched = false
  guard.beforeTest.push(() => {
    if (isWatched || !isLoaded('sqlite')) return
    isWatched = true
    patches.batch(() => watchLoaded(guard, patches))
  })
}

function isLoaded(module: string): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: string[] }
  return moduleLoadList?.includes(`NativeModule ${module}`) === true
}

function watchLoaded(guard: HostGuard, patches: Patches): void {
  const { DatabaseSync, StatementSync } = require('node:sqlite') as Record<string, { prototype: object }>
  if (DatabaseSync === undefined || StatementSync === undefined) return
  const databases = new WeakMap<object, { database: Database; sql: string }>()
  const report = (database: Database, sql: string, call: string, below: Call): void => {
    const file = locationOf(database)
    if (file === null || READS.test(sql)) return
    guard.report({ call, effect: 'db.open', nature: 'unsafe', resource: file }, below)
  }
  patches.patch(DatabaseSync.prototype, 'exec', original => {
    return function watched(this: unknown, ...args) {
      if (guard.isWatching && guard.phase === 'test')
        report(this as Database, String(args[0]), 'sqlite.DatabaseSync.prototype.exec', watched)
      return Reflect.apply(original, this, args)
    }
  })
  patches.patch(DatabaseSync.prototype, 'prepare', original => {
    return function watched(this: unknown, ...args) {
      const statement = Reflect.apply(original, this, args) as object
      databases.set(statement, { database: this as Database, sql: String(args[0]) })
      return statement
    }
  })
  for (const name of ['run', 'all', 'get', 'iterate']) {
    patches.patch(StatementSync.prototype, name, original => {
      return function watched(this: unknown, ...args) {
        const known = databases.get(this as object)
        if (guard.isWatching && guard.phase === 'test' && known !== undefined)
          report(known.database, known.sql, `sqlite.StatementSync.prototype.${name}`, watched)
        return Reflect.apply(original, this, args)
      }
    })
  }
}

/** Null for a database in memory. */
function locationOf(database: Database): string | null {
  try {
    return database.location?.() ?? null
  } catch {
    return null
  }
}
