// npm run test:packed: the recipes for databases that are in no folder of test/matrix, with the libraries that they name. None of these needs
// an install script: better-sqlite3 brings its binaries from version 13 on, for Node 22 and later.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBlocks } from '../docs/code-blocks.ts'
import { prepareNode } from '../support/nodes.ts'
import { Projects, run } from './projects.ts'

const CONFIG = `
  import forkpoint from 'forkpoint/vitest'
  export default { plugins: [forkpoint({ warmup: 0 })] }
`
const KNEX = {
  'migrations/users.js': `
    export const up = db => db.schema.createTable('users', table => { table.increments('id'); table.string('name') })
    export const down = db => db.schema.dropTable('users')
  `,
  'seeds/users.js': `
    export const seed = db => db('users').insert(Array.from({ length: 100 }, (_, n) => ({ name: 'user ' + n })))
  `,
}
const PRISMA = {
  'prisma/schema.prisma': `
    generator client {
      provider = "prisma-client"
      output   = "../generated/prisma"
    }
    datasource db {
      provider = "sqlite"
    }
    model User {
      id   Int    @id @default(autoincrement())
      name String
    }
  `,
  'prisma/schema.sql': 'CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT);',
}

/** A suite of the recipe that imports a package, and one test more, which looks at what the recipe's has changed. */
function suiteOf(library: string, look: string): string {
  const block = readBlocks().find(
    ({ page, code }) => page === 'docs/recipes.md' && code.includes(`'${library}'`),
  )
  return `${block?.given}\n${block?.code}\ntest('starts from the setup too', async () => { ${look} })`
}

describe.runIf(process.env.FORKPOINT_PACKED === 'all')('recipes', () => {
  let node = ''
  let projects: Projects
  beforeAll(async () => {
    node = await prepareNode('Node 24')
    projects = new Projects()
  })
  afterAll(() => projects[Symbol.dispose]())

  const vitest = ['node_modules/vitest/vitest.mjs', 'run']
  const rolledBack = { status: 0, output: expect.stringMatching(/fork engine[\s\S]*Restores {2}2, median/) }

  test('knex over SQLite in memory', () => {
    const project = projects.install('knex', ['vitest@5.1.1', 'knex@3.3.0', 'better-sqlite3@13.2.0'], {
      ...KNEX,
      'package.json': '{ "type": "module" }',
      'vitest.config.ts': CONFIG,
      'users.test.ts': suiteOf('knex', "expect(await db('users')).toHaveLength(100)"),
    })
    expect(run(project, node, vitest)).toEqual(rolledBack)
  })

  test('Prisma over SQLite in memory', () => {
    const packages = ['prisma', '@prisma/client', '@prisma/adapter-better-sqlite3']
    const project = projects.install('prisma', ['vitest@5.1.1', ...packages.map(each => `${each}@7.10.0`)], {
      ...PRISMA,
      'package.json': '{ "type": "module", "overrides": { "better-sqlite3": "13.2.0" } }',
      'vitest.config.ts': CONFIG,
      'users.test.ts': suiteOf('@prisma/adapter-better-sqlite3', 'expect(await prisma.user.count()).toBe(0)'),
    })
    // The client is made without the schema engine, for which Prisma looks all the same and which it would else download.
    const generate = ['node_modules/prisma/build/index.js', 'generate']
    expect(run(project, node, generate, { PRISMA_SCHEMA_ENGINE_BINARY: node })).toMatchObject({ status: 0 })
    expect(run(project, node, vitest)).toEqual(rolledBack)
  })
})
