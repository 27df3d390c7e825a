import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setup } from 'forkpoint'
import { expect, test, vi } from 'vitest'
import { isHere, type Parts, rows } from './table.ts'
import { describeWorld } from './world.ts'

// Node's client is loaded here, and not in a test.
await fetch('data:,')

let parts: Parts
let world: Record<string, unknown>
setup(() => {
  const folder = join(fs.mkdtempSync(join(tmpdir(), 'forkpoint-effects-')), 'folder')
  fs.mkdirSync(join(folder, 'sub'), { recursive: true })
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt']) {
    fs.writeFileSync(join(folder, name), `content of ${name}`)
    fs.utimesSync(join(folder, name), 2000, 2000)
  }
  parts = { folder, port: Number(process.env.PEER_PORT), addon: String(process.env.ADDON) }
  world = describeWorld(folder)
  return () => fs.rmSync(join(folder, '..'), { recursive: true })
})

/** What is closed is gone some turns of the loop later. */
const seeWorld = (): Promise<void> => vi.waitFor(() => expect(describeWorld(parts.folder)).toEqual(world))

for (const { name, does, sees, ...row } of rows) {
  if (does === undefined || !isHere({ name, sees, ...row })) continue
  test(name, async () => {
    await seeWorld()
    await does(parts)
    const changes = sees === 'undone' || sees === 'closed'
    if (changes) expect(describeWorld(parts.folder)).not.toEqual(world)
  })
}

test('all is as it was', () => seeWorld())
