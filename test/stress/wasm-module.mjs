/** Bytes of a WebAssembly module of `count` functions that call each other; the last is exported as `add`. */
export function buildWasmModule(count) {
  const [i32, get, set, add, call, end] = [0x7f, 0x20, 0x21, 0x6a, 0x10, 0x0b]
  const name = [...Buffer.from('add')]
  const bodies = Array.from({ length: count }, (_, index) => {
    const sums = Array.from({ length: 20 }, () => [get, 0, get, 1, add, set, 0]).flat()
    const callPrevious = index % 7 ? [get, 0, get, 1, call, ...encode(index - 1), set, 0] : []
    const body = [0, ...sums, ...callPrevious, get, 0, end]
    return [...encode(body.length), ...body]
  })
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, i32, i32, 1, i32]),
    ...section(3, [...encode(count), ...Array(count).fill(0)]),
    ...section(7, [1, name.length, ...name, 0, ...encode(count - 1)]),
    ...section(10, [...encode(count), ...bodies.flat()]),
  ])
}

function section(id, bytes) {
  return [id, ...encode(bytes.length), ...bytes]
}

/** LEB128, unsigned. */
function encode(value) {
  const bytes = []
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0))
    value >>>= 7
  } while (value)
  return bytes
}
