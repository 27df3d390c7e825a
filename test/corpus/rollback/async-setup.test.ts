// A suite's setup that waits for the file system, for threads of Node's pool, is run once.
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'

let runs = 0
let text = ''

describe('a suite', () => {
  setup(async () => {
    text = await readFile(import.meta.filename, 'utf8')
    runs++
  })
  test.for([1, 2, 3])('reads in its setup, round %i', async () => {
    expect([runs, gzipSync(text).length > 0]).toEqual([1, true])
    expect(await readFile(import.meta.filename, 'utf8')).toBe(text)
    runs++
  })
  describe('and one in it', () => {
    let copy = ''
    setup(async () => {
      copy = await readFile(import.meta.filename, 'utf8')
      runs++
    })
    test.for([1, 2])('reads in its setup too, round %i', () => {
      expect([runs, copy]).toEqual([2, text])
      runs++
    })
  })
})
