const fastify = require('fastify')
const initSqlJs = require('sql.js')

const USERS = 2000

async function createDatabase() {
  const SQL = await initSqlJs()
  const db = new SQL.Database()
  db.run('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE)')
  db.run(
    'CREATE TABLE orders (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users, cents INTEGER NOT NULL)',
  )
  db.run('CREATE INDEX orders_by_user ON orders (user)')
  const addUser = db.prepare('INSERT INTO users VALUES (?, ?, ?)')
  const addOrder = db.prepare('INSERT INTO orders (user, cents) VALUES (?, ?)')
  for (let id = 1; id <= USERS; id++) {
    addUser.run([id, `user ${id}`, `user${id}@mail.example`])
    for (let n = 1; n <= 10; n++) addOrder.run([id, n * 100])
  }
  addUser.free()
  addOrder.free()
  return db
}

/** The whole application: a database in memory, and the routes over it. */
async function createApp() {
  const db = await createDatabase()
  const app = fastify()
  const select = (sql, values = []) => {
    const statement = db.prepare(sql, values)
    const rows = []
    while (statement.step()) rows.push(statement.getAsObject())
    statement.free()
    return rows
  }
  let served = 0
  app.addHook('onRequest', async () => {
    served++
  })
  app.get('/served', () => ({ served }))
  app.get('/users/:id', ({ params }) => select('SELECT * FROM users WHERE id = ?', [params.id])[0])
  app.get('/users/:id/orders', ({ params }) => select('SELECT * FROM orders WHERE user = ?', [params.id]))
  app.put('/users/:id', ({ params, body }) => {
    db.run('UPDATE users SET name = ? WHERE id = ?', [body.name, params.id])
    return { changed: db.getRowsModified() }
  })
  app.delete('/users/:id', ({ params }) => {
    db.run('DELETE FROM orders WHERE user = ?', [params.id])
    db.run('DELETE FROM users WHERE id = ?', [params.id])
    return { changed: db.getRowsModified() }
  })
  await app.ready()
  return app
}

module.exports = { createApp }
