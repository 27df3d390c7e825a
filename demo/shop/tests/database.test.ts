import type { PGlite } from '@electric-sql/pglite'
import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'
import { createDatabase } from '../database.ts'
import { expectUntouched } from '../expect-untouched.ts'
import { readValue } from '../read-value.ts'

let db: PGlite

setup(async () => {
  db = await createDatabase()
  return async () => {
    if (!db.closed) await db.close()
  }
})

describe('a migration', () => {
  test('adds a column', async () => {
    await expectUntouched(db)
    await db.exec(`alter table brands add column website text not null default 'none'`)
    expect(await readValue(db, 'select website from brands limit 1')).toBe('none')
  })

  test('drops an index the planner was using', async () => {
    await expectUntouched(db)
    const explain = `explain (costs off) select * from products where lower(name) = 'product 7'`
    await db.exec('set enable_seqscan = off')
    expect(await readValue(db, explain)).toContain('products_name')
    await db.exec('drop index products_name')
    expect(await readValue(db, explain)).toContain('Seq Scan on products')
  })

  test('drops a table and renames another', async () => {
    await expectUntouched(db)
    await db.exec('drop table reviews; alter table audit_log rename to reviews')
    expect(await readValue(db, 'select count(*)::int from reviews')).toBe(0)
  })

  test('adds a type, a schema and a role', async () => {
    await expectUntouched(db)
    await db.exec(
      `create type size as enum ('S', 'M', 'L'); create schema old; create table old.brands (); create role clerk`,
    )
    expect(await readValue(db, 'select enum_range(null::size)::text')).toBe('{S,M,L}')
  })
})

describe('a session', () => {
  test('may create a temporary table', async () => {
    await expectUntouched(db)
    await db.exec('create temp table picked as select id from products where discontinued')
    expect(await readValue(db, 'select count(*)::int from picked')).toBe(12)
  })

  test.each(['first', 'second'])('may prepare a statement of the same name, %s time', async () => {
    await expectUntouched(db)
    await db.exec('prepare find_brand (int) as select name from brands where id = $1')
    expect(await readValue(db, 'execute find_brand (3)')).toBe('Brand 3')
  })

  test('may keep an advisory lock', async () => {
    await expectUntouched(db)
    expect(await readValue(db, 'select pg_try_advisory_lock(42)')).toBe(true)
    expect(await readValue(db, `select count(*)::int from pg_locks where locktype = 'advisory'`)).toBe(1)
  })

  test('may change its settings', async () => {
    await expectUntouched(db)
    await db.exec(`set statement_timeout = '9s'; set search_path = nowhere`)
    await expect(db.query('select * from products')).rejects.toThrow('relation "products" does not exist')
  })

  test('may listen and be told', async () => {
    await expectUntouched(db)
    const told: string[] = []
    await db.listen('stock', payload => told.push(payload))
    await db.query(`notify stock, 'low'`)
    await expect.poll(() => told).toEqual(['low'])
  })
})

describe('a transaction', () => {
  test('may be left open with a cursor in it', async () => {
    await expectUntouched(db)
    await db.exec(
      'begin; delete from reviews; declare left_open cursor for select id from brands order by id',
    )
    expect(await readValue(db, 'fetch left_open')).toBe(1)
  })

  test('may be left in ruins', async () => {
    await expectUntouched(db)
    await expect(db.exec('begin; select 1 / 0')).rejects.toThrow('division by zero')
    await expect(db.query('select 1')).rejects.toThrow('current transaction is aborted')
  })
})

describe('a database', () => {
  test('may be closed by a test', async () => {
    await expectUntouched(db)
    await db.close()
    await expect(db.query('select 1')).rejects.toThrow('PGlite is closed')
  })

  test('is there for the next one', async () => {
    await expectUntouched(db)
    expect(await readValue(db, 'select count(*)::int from customers')).toBe(200)
  })
})
