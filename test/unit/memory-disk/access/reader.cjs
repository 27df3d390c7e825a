// Taken before the disk of memory is there: member calls see it, functions taken out don't.
const fs = require('node:fs')
const { readFileSync } = fs

exports.member = file => fs.readFileSync(file, 'utf8')
exports.required = file => require('node:fs').readFileSync(file, 'utf8')
exports.promised = file => require('node:fs/promises').readFile(file, 'utf8')
exports.taken = file => readFileSync(file, 'utf8')

/** By Node, and not by the runner of the tests. */
exports.importNatively = url => import(url)
