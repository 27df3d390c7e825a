const { parse } = require('./src/parse.js')

test('parses nothing', () => {
  expect(parse('')).toEqual([])
})
