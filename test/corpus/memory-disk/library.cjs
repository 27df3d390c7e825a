const { appendFileSync, readFileSync } = require('node:fs')

exports.note = (file, line) => appendFileSync(file, `${line}\n`)
exports.read = file => readFileSync(file, 'utf8')
