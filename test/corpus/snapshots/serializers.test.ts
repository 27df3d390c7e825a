import { afterEach, beforeEach, expect, test } from 'vitest'

class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
}
expect.addSnapshotSerializer({
  test: value => value instanceof Money,
  serialize: (value: Money) => `${(value.cents / 100).toFixed(2)} EUR`,
})
let money: Money[] = []
beforeEach(() => {
  money = [new Money(250)]
})
afterEach(() => {
  money.length = 0
})
test('its own form', () => {
  money.push(new Money(1))
  expect(money).toMatchSnapshot()
})
test('its own form inline', () => {
  expect({ money }).toMatchInlineSnapshot()
})
test('one added by a test', () => {
  expect.addSnapshotSerializer({ test: value => value === 'secret', serialize: () => '***' })
  expect(['secret']).toMatchSnapshot()
})
