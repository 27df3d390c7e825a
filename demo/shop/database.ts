import { PGlite } from '@electric-sql/pglite'
import { countSetup } from './count-setup.ts'
import { schema } from './schema.ts'
import { seed } from './seed.ts'

/** A PostgreSQL of its own inside this process, with the shop's schema and rows in it. */
export async function createDatabase(): Promise<PGlite> {
  const db = await PGlite.create({ dataDir: 'memory://', relaxedDurability: true })
  await db.exec(schema)
  await db.exec(seed)
  countSetup()
  return db
}
