// Random values in children: which differ, and which are part of the state.

import * as nodeCrypto from 'node:crypto'
import { generateKeySync, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { checkpoint } from 'forkpoint'
import { runScenario } from './branch.mjs'

const hex = bytes => Buffer.from(bytes).toString('hex')

const kinds = {
  randomUUID: () => randomUUID(),
  'randomUUID without a cache': () => randomUUID({ disableEntropyCache: true }),
  'crypto.randomUUID': () => crypto.randomUUID(),
  // The first half is the time.
  randomUUIDv7: () => nodeCrypto.randomUUIDv7?.().slice(19) ?? randomUUID(),
  randomBytes: () => hex(randomBytes(16)),
  randomInt: () => randomInt(2 ** 47),
  getRandomValues: () => hex(crypto.getRandomValues(new Uint8Array(16))),
  generateKeySync: () => hex(generateKeySync('hmac', { length: 128 }).export()),
  'crypto.subtle.generateKey': async () => {
    const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])
    return hex(await crypto.subtle.exportKey('raw', key))
  },
}

/** Three of each: the first may be one that was made ahead. */
async function make() {
  const made = {}
  for (const [kind, one] of Object.entries(kinds)) made[kind] = [await one(), await one(), await one()]
  return made
}

/** The kinds that did not give a new value each time, in all processes of a family. */
async function repeated(prepare) {
  const seen = [await prepare()]
  const point = await checkpoint()
  for (let i = 0; i < 3; i++) {
    seen.push(await point.run(make))
    seen.push(
      ...(await point.run(async () => {
        const inner = await checkpoint()
        return [await inner.run(make), await inner.run(make), await make()]
      })),
    )
  }
  seen.push(await make())
  return Object.keys(kinds).filter(kind => {
    const values = seen.flatMap(made => made?.[kind] ?? [])
    return new Set(values).size < values.length
  })
}

await runScenario({
  used: () => repeated(make),
  unused: () => repeated(async () => undefined),

  async mathRandom() {
    Math.random()
    const point = await checkpoint()
    const seen = []
    for (let i = 0; i < 3; i++) seen.push(await point.run(() => [Math.random(), Math.random()].join()))
    seen.push([Math.random(), Math.random()].join())
    return new Set(seen).size
  },
})
