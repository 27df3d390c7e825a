const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { setup } = require('forkpoint')

const folder = `${__dirname}/written`
setup(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  writeFileSync(`${folder}/a.txt`, 'from the setup')
})

test('changes a file', () => {
  writeFileSync(`${folder}/a.txt`, 'changed')
  expect(readFileSync(`${folder}/a.txt`, 'utf8')).toBe('changed')
})
test('has it as it was', () => {
  expect(readFileSync(`${folder}/a.txt`, 'utf8')).toBe('from the setup')
  rmSync(`${folder}/a.txt`)
})
test('has it again', () => {
  expect(existsSync(`${folder}/a.txt`)).toBe(true)
  writeFileSync(`${folder}/b.txt`, 'new')
})
test('has nothing else', () => {
  expect(existsSync(`${folder}/b.txt`)).toBe(false)
})
