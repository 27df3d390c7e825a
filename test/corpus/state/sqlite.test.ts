// A database whose state is native memory. Needs Node 22.13.
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { once } from './src/once.ts'

let database: DatabaseSync
let insert: StatementSync

once(() => {
  database = new DatabaseSync(':memory:')
  database.exec('create table fruit (id integer primary key autoincrement, name text unique)')
  insert = database.prepare('insert into fruit (name) values (?) returning id')
  insert.get('apple')
  return () => database.close()
})

describe.each(['first', 'second'])('%s round', () => {
  test('rows and sequences', () => {
    expect(insert.get('pear')).toEqual({ id: 2 })
    expect(database.prepare('select name from fruit').all()).toEqual([{ name: 'apple' }, { name: 'pear' }])
  })
  test('tables', () => {
    expect(database.prepare('select count(*) as tables from sqlite_master').get()).toEqual({ tables: 3 })
    database.exec('create table nut (id integer)')
  })
  test('a transaction left open', () => {
    database.exec('begin; delete from fruit')
  })
})
