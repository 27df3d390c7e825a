import type { PGlite } from '@electric-sql/pglite'

/** The one value a query returns. */
export async function readValue<Value>(db: Pick<PGlite, 'query'>, sql: string): Promise<Value> {
  const { rows } = await db.query<Record<string, Value>>(sql)
  const [value] = Object.values(rows[0] ?? {})
  if (value === undefined) throw new Error(`The query returned nothing: ${sql}`)
  return value
}
