// What the process has around the language: each test looks at one kind of state and then changes it.
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter, once as onceEmitted } from 'node:events'
import { describe, expect, test } from 'vitest'
import { once } from './src/once.ts'

const storage = new AsyncLocalStorage<{ visits: number }>()
const visitor = new EventEmitter<{ come: []; seen: [{ visits: number }] }>()
const clock = new EventEmitter<{ tick: []; ring: [] }>()
let interval: NodeJS.Timeout
let hasRung = false

/** Goes on from where it stands whenever somebody comes, in a context of its own. */
async function receive(): Promise<void> {
  storage.enterWith({ visits: 0 })
  for (;;) {
    await onceEmitted(visitor, 'come')
    const visits = (storage.getStore()?.visits ?? Number.NaN) + 1
    storage.enterWith({ visits })
    visitor.emit('seen', { visits })
  }
}

once(() => {
  process.env.SHOP = 'open'
  process.env.TZ = 'UTC'
  process.chdir('src')
  process.umask(0o027)
  void receive()
  interval = setInterval(() => clock.emit('tick'), 5)
  setTimeout(() => {
    hasRung = true
    clock.emit('ring')
  }, 20_000).unref()
})

describe.each(['first', 'second'])('%s round', () => {
  test('process.env', () => {
    expect([process.env.SHOP, process.env.LEAKED]).toEqual(['open', undefined])
    process.env.SHOP = 'closed'
    process.env.LEAKED = 'yes'
  })
  test('the time zone', () => {
    expect(new Date(0).getHours()).toBe(0)
    process.env.TZ = 'Asia/Tokyo'
    expect(new Date(0).getHours()).toBe(9)
  })
  test('the working directory', () => {
    expect(process.cwd()).toMatch(/src$/)
    process.chdir('/')
  })
  test('the umask', () => {
    expect(process.umask(0o077)).toBe(0o027)
  })
  test('listeners of the process', () => {
    expect(process.listenerCount('SIGUSR2')).toBe(0)
    process.on('SIGUSR2', () => {})
  })
  test('the exit code', () => {
    expect(process.exitCode).toBeUndefined()
    process.exitCode = 3
  })
  test('the process title', () => {
    expect(process.title).not.toBe('renamed')
    process.title = 'renamed'
  })
  test('intervals', async () => {
    await onceEmitted(clock, 'tick', { signal: AbortSignal.timeout(1000) })
    clearInterval(interval)
  })
  test('timers', () => {
    expect(hasRung).toBe(false)
    hasRung = true
  })
  test('the context of a function that waits', async () => {
    const seen = onceEmitted(visitor, 'seen')
    visitor.emit('come')
    expect(await seen).toEqual([{ visits: 1 }])
  })
})
