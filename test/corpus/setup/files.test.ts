import { setup } from 'forkpoint'
import { fs, vol } from 'memfs'
import { describe, expect, test } from 'vitest'
import Queue from 'yocto-queue'

let queue: Queue<string>

setup(() => {
  vol.reset()
  vol.fromJSON({ '/app/config.json': '{"a":1}', '/app/data/one.txt': 'one' })
  queue = new Queue()
  queue.enqueue('first')
})

test('a file is written', () => {
  fs.writeFileSync('/app/data/two.txt', 'two')
  expect(fs.readdirSync('/app/data')).toEqual(['one.txt', 'two.txt'])
})
test('a file is removed', () => {
  fs.rmSync('/app/data', { recursive: true })
  expect(vol.toJSON()).toEqual({ '/app/config.json': '{"a":1}' })
})
test('all is there', () => {
  expect(vol.toJSON()).toMatchInlineSnapshot()
})
test('a wrong expectation', () => {
  fs.appendFileSync('/app/config.json', '\n')
  expect(vol.toJSON()).toEqual({})
})
describe('with one more file', () => {
  let handle: number
  setup(() => {
    handle = fs.openSync('/app/log', 'w')
    fs.writeSync(handle, 'start\n')
  })
  test.each(['a', 'b'])('appends %s', letter => {
    fs.writeSync(handle, letter)
    expect(fs.readFileSync('/app/log', 'utf8')).toBe(`start\n${letter}`)
  })
})
test('a queue', () => {
  queue.enqueue('second')
  expect([...queue]).toEqual(['first', 'second'])
})
test('a queue again', () => {
  expect([queue.dequeue(), queue.dequeue()]).toEqual(['first', undefined])
})
