const list = []

test('without a setup', () => {
  list.push(1)
  expect(list).toEqual([1])
})
test('leans on the first', () => {
  expect(list).toEqual([1])
})
test('fails', () => {
  expect(list).toEqual([])
})
test('has a snapshot', () => {
  expect(list).toMatchInlineSnapshot(`
[
  1,
]
`)
})
