import { beforeEach, describe, expect, test } from 'vitest'

let lines: string[] = []
beforeEach(() => {
  lines = ['one', 'two']
})

test('a new file', async () => {
  lines.push('three')
  await expect(lines.join('\n')).toMatchFileSnapshot('./written/new.txt')
})
test('a file as it is', async () => {
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./kept/same.txt')
})
test('a file that differs', async () => {
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./kept/other.txt')
})
describe('nested', () => {
  test.each(['a', 'b'])('file %s', async name => {
    lines.unshift(name)
    await expect(lines.join(' ')).toMatchFileSnapshot(`./written/deep/${name}.html`)
  })
  test('not awaited', () => {
    expect(lines.join(' ')).toMatchFileSnapshot('./written/late.txt')
  })
  test('beside a named one', async () => {
    expect(lines).toMatchSnapshot()
    await expect(lines.join(';')).toMatchFileSnapshot('./written/beside.csv')
  })
})
