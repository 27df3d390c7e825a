import type { PGlite } from '@electric-sql/pglite'
import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'
import { createDatabase } from '../database.ts'
import { expectUntouched } from '../expect-untouched.ts'
import { readValue } from '../read-value.ts'

let db: PGlite

setup(async () => {
  db = await createDatabase()
  return () => db.close()
})

describe('products', () => {
  test('get the next free id', async () => {
    await expectUntouched(db)
    const sql = `insert into products (brand_id, sku, name, price_cents) values (1, 'NEW', 'New', 999) returning id`
    expect(await readValue(db, sql)).toBe(301)
  })

  test('share no sku', async () => {
    await expectUntouched(db)
    const again = db.query(
      `insert into products (brand_id, sku, name, price_cents) select 1, sku, 'Twin', 1 from products`,
    )
    await expect(again).rejects.toThrow('duplicate key value violates unique constraint "products_sku_key"')
    await db.query(`insert into products (brand_id, sku, name, price_cents) values (1, 'NEW', 'New', 999)`)
    expect(await readValue(db, 'select count(*)::int from products')).toBe(301)
  })

  test('take all that belongs to them along', async () => {
    await expectUntouched(db)
    await db.exec('delete from order_items; delete from cart_items; delete from products')
    for (const table of [
      'product_images',
      'price_history',
      'product_tags',
      'stock',
      'stock_movements',
      'reviews',
    ]) {
      expect(await readValue(db, `select count(*)::int from ${table}`), table).toBe(0)
    }
  })

  test('can be emptied with everything that points at them', async () => {
    await expectUntouched(db)
    await db.exec('truncate brands restart identity cascade')
    expect(await readValue(db, 'select count(*)::int from order_items')).toBe(0)
    expect(
      await readValue(db, `insert into brands (name, country) values ('First', 'DE') returning id`),
    ).toBe(1)
  })
})

describe('prices', () => {
  test('are logged by a trigger when they change', async () => {
    await expectUntouched(db)
    await db.query('update products set price_cents = price_cents + 100 where brand_id = 1')
    expect(await readValue(db, 'select count(*)::int from audit_log')).toBe(15)
  })

  test('are not logged once the trigger is gone', async () => {
    await expectUntouched(db)
    await db.exec('drop function log_price_change cascade; update products set price_cents = 1')
    expect(await readValue(db, 'select count(*)::int from audit_log')).toBe(0)
  })

  test('are above zero until the constraint is dropped', async () => {
    await expectUntouched(db)
    const update = 'update products set price_cents = 0 where id = 1'
    await expect(db.query(update)).rejects.toThrow('violates check constraint "products_price_cents_check"')
    await db.exec(`alter table products drop constraint products_price_cents_check; ${update}`)
    expect(await readValue(db, 'select price_cents from products where id = 1')).toBe(0)
  })
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
