import type { PGlite } from '@electric-sql/pglite'
import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'
import { createDatabase } from '../database.ts'
import { expectUntouched } from '../expect-untouched.ts'
import { readValue } from '../read-value.ts'

const placeOrder = `insert into orders (customer_id, placed_on) values (1, '2024-07-01')`

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

describe('order numbers', () => {
  test('are given out in a row', async () => {
    await expectUntouched(db)
    expect(await readValue(db, `${placeOrder} returning number`)).toBe(10251)
    expect(await readValue(db, `${placeOrder} returning number`)).toBe(10252)
  })

  test('are lost with a transaction that failed, for sequences take no part in transactions', async () => {
    await expectUntouched(db)
    const failing = db.transaction(async transaction => {
      expect(await readValue(transaction, `${placeOrder} returning number`)).toBe(10251)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await readValue(db, 'select count(*)::int from orders')).toBe(250)
    expect(await readValue(db, `${placeOrder} returning number`)).toBe(10252)
  })

  test('start over when the sequence is restarted', async () => {
    await expectUntouched(db)
    await db.exec('alter sequence order_numbers restart with 10250')
    const taken = db.query(placeOrder)
    await expect(taken).rejects.toThrow('duplicate key value violates unique constraint "orders_number_key"')
    expect(await readValue(db, `${placeOrder} returning number`)).toBe(10251)
  })
})

describe('an open order', () => {
  let order: number
  const placed = {
    rows: { orders: 251, order_items: 502 },
    sequences: { orders_id_seq: 251, order_numbers: 10251, order_items_id_seq: 502 },
  }

  setup(async () => {
    order = await readValue<number>(db, `${placeOrder} returning id`)
    await db.exec(`insert into order_items (order_id, product_id, quantity, price_cents)
      values (${order}, 1, 2, 500), (${order}, 2, 1, 250)`)
  })

  test('has its total in the view', async () => {
    await expectUntouched(db, placed)
    expect(await readValue(db, `select total_cents from order_totals where id = ${order}`)).toBe(1250)
    await db.query(`update order_items set quantity = 10 where order_id = ${order}`)
    expect(await readValue(db, `select total_cents from order_totals where id = ${order}`)).toBe(7500)
  })

  test('takes its lines along when it is deleted', async () => {
    await expectUntouched(db, placed)
    await db.query(`delete from orders where id = ${order}`)
    expect(await readValue(db, 'select count(*)::int from order_items')).toBe(500)
  })

  describe('once paid', () => {
    const paid = {
      rows: { ...placed.rows, payments: 151 },
      sequences: { ...placed.sequences, payments_id_seq: 151 },
    }

    setup(async () => {
      await db.exec(`
        insert into payments (order_id, method, amount_cents) values (${order}, 'card', 1250);
        update orders set state = 'paid' where id = ${order}`)
    })

    test('cannot be deleted', async () => {
      await expectUntouched(db, paid)
      const deletion = db.query(`delete from orders where id = ${order}`)
      await expect(deletion).rejects.toThrow('violates foreign key constraint "payments_order_id_fkey"')
    })

    test('is booked off the stock by a trigger when it ships', async () => {
      await expectUntouched(db, paid)
      const sale = `insert into stock_movements (warehouse_id, product_id, quantity, reason) values (2, 1, -2, 'sale')`
      await db.exec(`update orders set state = 'shipped' where id = ${order}; ${sale}`)
      expect(await readValue(db, 'select on_hand from stock where product_id = 1')).toBe(9)
    })

    test('does not ship what is not there', async () => {
      await expectUntouched(db, paid)
      const sale = `insert into stock_movements (warehouse_id, product_id, quantity, reason) values (2, 1, -12, 'sale')`
      await expect(db.query(sale)).rejects.toThrow('violates check constraint "stock_never_negative"')
      expect(await readValue(db, 'select on_hand from stock where product_id = 1')).toBe(11)
    })
  })

  test('is open again after the suite of the paid ones', async () => {
    await expectUntouched(db, placed)
    expect(await readValue(db, `select state from orders where id = ${order}`)).toBe('open')
  })
})
