const { setup } = require('forkpoint')

class Money {
  constructor(amount) {
    this.amount = amount
  }
}
expect.addSnapshotSerializer({
  test: value => value instanceof Money,
  print: value => `<${value.amount} coins>`,
})

let list
setup(() => {
  list = [new Money(1)]
})

test('by a serializer of its own', () => {
  expect(list).toMatchSnapshot()
  list.push(new Money(2))
})
test('by a serializer, again', () => {
  list.push(new Money(3))
  expect(list).toMatchSnapshot()
})
test('with matchers', () => {
  expect({ id: Math.random(), list }).toMatchSnapshot({ id: expect.any(Number) })
})
test('inline', () => {
  expect(list.length).toMatchInlineSnapshot(`1`)
  expect(list).toMatchInlineSnapshot(`
[
  <1 coins>,
]
`)
})
test('inline, new', () => {
  expect({ inline: list.length }).toMatchInlineSnapshot()
})
test('inline, different', () => {
  expect(list.length).toMatchInlineSnapshot(`2`)
})
test('an error', () => {
  expect(() => {
    throw new Error('with a snapshot')
  }).toThrowErrorMatchingSnapshot()
})
describe('nested', () => {
  setup(() => {
    list.push('nested')
  })
  test('inline, new too', () => {
    expect(list).toMatchInlineSnapshot()
  })
  test('in the file', () => {
    expect(list).toMatchSnapshot('nested')
  })
})
