import { createRequire } from 'node:module'
import type { Call, Patches } from '../patches.ts'
import type { HostGuard } from './host-guard.ts'

/** Statements that only read. Others may change something. */
const READS = /^\s*(?:--[^\n]*\n\s*)*(select|explain|values|pragma\s+\w+\s*;?\s*$)/i

interface Database {
  location?(): string | null
}

const require = createRequire(import.meta.url)

/** Modules that print a warning when they are loaded, so that they are watched once somebody else has loaded them. */
const LATE: Readonly<Record<string, (guard: HostGuard, patches: Patches) => void>> = {
  sqlite: watchSqlite,
  wasi: watchWasi,
}

/** What such modules write is written by native code. What can be replaced is the methods through which it is asked to. */
export function watchLateModules(guard: HostGuard, patches: Patches): void {
  const watched = new Set<string>()
  guard.beforeTest.push(() => {
    for (const [module, watch] of Object.entries(LATE)) {
      if (watched.has(module) || !isLoaded(module)) continue
      watched.add(module)
      patches.batch(() => watch(guard, patches))
    }
  })
}

function isLoaded(module: string): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: string[] }
  return moduleLoadList?.includes(`NativeModule ${module}`) === true
}

/** Tells of a call, and makes it. */
function tellOf(
  guard: HostGuard,
  patches: Patches,
  owner: object,
  name: string,
  tell: (self: unknown, args: readonly unknown[], below: Call) => void,
): void {
  patches.patch(owner, name, original => {
    return function watched(this: unknown, ...args) {
      if (guard.isWatching && guard.phase === 'test') tell(this, args, watched)
      return Reflect.apply(original, this, args)
    }
  })
}

function watchSqlite(guard: HostGuard, patches: Patches): void {
  const sqlite = require('node:sqlite') as Record<string, { prototype: object } | undefined>
  const { DatabaseSync, StatementSync } = sqlite
  if (DatabaseSync === undefined || StatementSync === undefined) return
  const databases = new WeakMap<object, { database: Database; sql: string }>()
  const report = (database: Database, sql: string, call: string, below: Call): void => {
    const file = locationOf(database)
    if (file === null || READS.test(sql)) return
    // Nobody but the test sees the file.
    if (guard.disk.isIsolated(file)) return
    guard.report({ call, effect: 'db.open', nature: 'unsafe', resource: file }, below)
  }
  tellOf(guard, patches, DatabaseSync.prototype, 'exec', (self, [sql], below) =>
    report(self as Database, String(sql), 'sqlite.DatabaseSync.prototype.exec', below),
  )
  patches.patch(DatabaseSync.prototype, 'prepare', original => {
    return function watched(this: unknown, ...args) {
      const statement = Reflect.apply(original, this, args) as object
      databases.set(statement, { database: this as Database, sql: String(args[0]) })
      return statement
    }
  })
  for (const name of ['run', 'all', 'get', 'iterate']) {
    tellOf(guard, patches, StatementSync.prototype, name, (self, _, below) => {
      const known = databases.get(self as object)
      if (known !== undefined)
        report(known.database, known.sql, `sqlite.StatementSync.prototype.${name}`, below)
    })
  }
  tellOf(guard, patches, sqlite, 'backup', (_, [, path], below) => {
    guard.report(
      { call: 'sqlite.backup', effect: 'db.open', nature: 'unsafe', resource: String(path) },
      below,
    )
  })
}

function watchWasi(guard: HostGuard, patches: Patches): void {
  const { WASI } = require('node:wasi') as { WASI: { prototype: object } }
  for (const name of ['start', 'initialize']) {
    const call = `wasi.WASI.prototype.${name}`
    tellOf(guard, patches, WASI.prototype, name, (_, __, below) => {
      guard.report({ call, effect: 'wasi.call', nature: 'unsafe', resource: '' }, below)
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
