import type { PGlite } from '@electric-sql/pglite'
import { seeded } from './seeded.ts'

/** All that a test could leave behind in the database: rows, sequences, schema objects, and the state of the session. */
export interface Census {
  rows: Record<string, number>
  sequences: Record<string, number>
  objects: Record<string, number>
  session: Record<string, number | string>
}

/** Counts the database. Fails when a table of the schema is gone. */
export async function takeCensus(db: PGlite): Promise<Census> {
  const rows = Object.keys(seeded.rows).map(table => `'${table}', (select count(*) from ${table})`)
  const { rows: found } = await db.query<Census>(`
    select json_build_object(${rows.join(', ')}) as rows,
      (select json_object_agg(sequencename, last_value) from pg_sequences where last_value is not null) as sequences,
      json_build_object(
        'tables', (select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')),
        'columns', (select count(*) from information_schema.columns where table_schema = 'public'),
        'indexes', (select count(*) from pg_indexes where schemaname = 'public'),
        'constraints', (select count(*) from pg_constraint where connamespace = 'public'::regnamespace),
        'triggers', (select count(*) from pg_trigger where tgenabled = 'O' and not tgisinternal),
        'views', (select count(*) from pg_views where schemaname = 'public'),
        'types', (select count(*) from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'),
        'roles', (select count(*) from pg_roles where rolname not like 'pg\\_%')
      ) as objects,
      json_build_object(
        'prepared', (select count(*) from pg_prepared_statements),
        'cursors', (select count(*) from pg_cursors where name <> ''),
        'locks', (select count(*) from pg_locks where locktype = 'advisory'),
        'channels', (select count(*) from pg_listening_channels()),
        'search_path', current_setting('search_path'),
        'timeout', current_setting('statement_timeout'),
        'seqscan', current_setting('enable_seqscan')
      ) as session`)
  const [census] = found
  if (census === undefined) throw new Error('The census came back empty.')
  return census
}
