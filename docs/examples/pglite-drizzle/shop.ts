import { PGlite } from '@electric-sql/pglite'
import { count, eq, sum } from 'drizzle-orm'
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite'
import { migration, orders, users } from './schema.ts'

const USERS = 1000

/** A database of its own, with a thousand users who have ordered something. */
export async function createShop(): Promise<Shop> {
  const client = await PGlite.create('memory://')
  await client.exec(migration)
  const db = drizzle({ client })
  const ids = Array.from({ length: USERS }, (_, n) => n + 1)
  await db.insert(users).values(ids.map(id => ({ name: `user ${id}`, email: `user${id}@mail.example` })))
  await db.insert(orders).values(ids.map(id => ({ userId: id, cents: id * 10 })))
  return new Shop(db)
}

export class Shop {
  readonly #db: PgliteDatabase
  /** A cache, as applications have them: rolling back only the database would leave it as it is. */
  readonly #totals = new Map<number, number>()

  constructor(db: PgliteDatabase) {
    this.#db = db
  }

  async countUsers(): Promise<number> {
    const [row] = await this.#db.select({ count: count() }).from(users)
    return row?.count ?? 0
  }

  async removeUser(id: number): Promise<void> {
    await this.#db.delete(users).where(eq(users.id, id))
  }

  async order(userId: number, cents: number): Promise<number> {
    const [order] = await this.#db.insert(orders).values({ userId, cents }).returning()
    return order?.id ?? 0
  }

  async totalOf(userId: number): Promise<number> {
    const known = this.#totals.get(userId)
    if (known !== undefined) return known
    const [row] = await this.#db
      .select({ total: sum(orders.cents).mapWith(Number) })
      .from(orders)
      .where(eq(orders.userId, userId))
    const total = row?.total ?? 0
    this.#totals.set(userId, total)
    return total
  }
}
