import { describe, expect, test } from 'vitest'
import type { ForkpointError } from '../../src/errors.ts'
import { decodeResult, encodeResult } from '../../src/fork/channel.ts'

const BEAT = Buffer.from([0])

const HEADER_BYTES = 8

describe('a result', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a structure', { list: [1, { deep: new Map([['a', new Set([1n])]]) }], when: new Date(0) }],
    ['text beyond the BMP', '\u{1f600} \ud800'],
    ['zeros', Buffer.alloc(64)],
    ['an error', new RangeError('too far', { cause: new TypeError('why') })],
  ])('comes out as it went in: %s', (_, value) => {
    expect(decodeResult(encodeResult(value))).toEqual({ value })
  })

  test('is found behind any number of beats', () => {
    for (const count of [1, 2, 1000]) {
      const written = Buffer.concat([...Array(count).fill(BEAT), encodeResult([0, 'value'])])
      expect(decodeResult(written)).toEqual({ value: [0, 'value'] })
    }
  })

  test('is whole although beats follow it', () => {
    const written = Buffer.concat([encodeResult({ n: 1 }), BEAT, BEAT])
    expect(decodeResult(written)).toEqual({ value: { n: 1 } })
  })

  test('shares no memory with what was written, nor do its parts', () => {
    const written = encodeResult([new Uint8Array([1, 2]), Buffer.from('ab')])
    const { value } = decodeResult(written) ?? { value: [] }
    const [bytes, buffer] = value as [Uint8Array, Buffer]
    written.fill(0)
    expect([[...bytes], bytes.buffer.byteLength, buffer.toString(), buffer.buffer.byteLength]).toEqual([
      [1, 2],
      2,
      'ab',
      2,
    ])
  })
})

describe('no result', () => {
  test('is what a child leaves that wrote nothing, or only beats', () => {
    expect(decodeResult(Buffer.alloc(0))).toBeNull()
    expect(decodeResult(Buffer.concat(Array(50).fill(BEAT)))).toBeNull()
  })

  test.each([0, 3])('is a frame cut off at any byte, after %i beats', beats => {
    const frame = encodeResult({ text: 'a value of some length', list: [1, 2, 3] })
    const before = Buffer.concat(Array(beats).fill(BEAT))
    for (let length = 0; length < frame.length; length++) {
      expect([length, decodeResult(Buffer.concat([before, frame.subarray(0, length)]))]).toEqual([
        length,
        null,
      ])
    }
  })

  test('is anything that does not begin like a frame', () => {
    expect(decodeResult(Buffer.from('half a line of text, longer than a header'))).toBeNull()
    expect(decodeResult(Buffer.concat([Buffer.from('x'), encodeResult(1)]))).toBeNull()
  })
})

test("a value that can't be cloned is an error that says which and why, with its cause", () => {
  const refused = refusalOf({ list: [() => 1] })
  expect(refused).toMatchObject({
    code: 'ERR_FORKPOINT_RESULT',
    message:
      '[forkpoint] Failed to send the result of a branch: () => 1 could not be cloned. (ERR_FORKPOINT_RESULT)',
    cause: { message: '() => 1 could not be cloned.' },
  })
})

describe('random values', () => {
  // Any failure names the seed; put it here to have it again.
  const seed = Number(process.env.FORKPOINT_TEST_SEED ?? Date.now() % 1e9)

  test(`come out as they went in, and cut off they are no result (FORKPOINT_TEST_SEED=${seed})`, () => {
    const random = mulberry32(seed)
    for (let round = 0; round < 300; round++) {
      const value = randomValue(random, 4)
      const frame = encodeResult(value)
      const beats = Buffer.concat(Array(Math.floor(random() * 5)).fill(BEAT))
      expect(decodeResult(Buffer.concat([beats, frame]))).toEqual({ value })
      const end = Math.floor(random() * frame.length)
      expect(decodeResult(Buffer.concat([beats, frame.subarray(0, end)]))).toBeNull()
    }
  })

  test(`damaged they are some value, or an error, but never end the process (FORKPOINT_TEST_SEED=${seed})`, () => {
    const random = mulberry32(seed)
    for (let round = 0; round < 500; round++) {
      const frame = encodeResult(randomValue(random, 3))
      const place = HEADER_BYTES + Math.floor(random() * (frame.length - HEADER_BYTES))
      frame[place] = Math.floor(random() * 256)
      try {
        decodeResult(frame)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }
  })
})

function refusalOf(value: unknown): ForkpointError | undefined {
  try {
    encodeResult(value)
  } catch (error) {
    return error as ForkpointError
  }
  return undefined
}

/** A small generator of numbers in [0, 1), the same for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function randomValue(random: () => number, depth: number): unknown {
  const pick = Math.floor(random() * (depth > 0 ? 12 : 8))
  const some = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random() * 5) }, make)
  const below = (): unknown => randomValue(random, depth - 1)
  switch (pick) {
    case 0:
      return undefined
    case 1:
      return random() < 0.5
    case 2:
      return (random() - 0.5) * 2 ** 40
    case 3:
      return BigInt(Math.floor(random() * 2 ** 50)) ** 3n
    case 4:
      return some(() => String.fromCharCode(random() * 0xffff)).join('')
    case 5:
      return new Date(Math.floor(random() * 1e12))
    case 6:
      return Uint8Array.from(some(() => random() * 256))
    case 7:
      return Float64Array.from(some(random))
    case 8:
      return some(below)
    case 9:
      return new Map(some(() => [String(random()), below()] as const))
    case 10:
      return new Set(some(below))
    default:
      return Object.fromEntries(some(() => [`key ${random()}`, below()] as const))
  }
}
