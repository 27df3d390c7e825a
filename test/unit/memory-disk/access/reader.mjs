import * as namespace from 'node:fs'
import fs, { createReadStream, promises, readFile, readFileSync } from 'node:fs'
import * as promisesNamespace from 'node:fs/promises'
import { readFile as promisedReadFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

export const readers = {
  default: file => fs.readFileSync(file, 'utf8'),
  named: file => readFileSync(file, 'utf8'),
  namespace: file => namespace.readFileSync(file, 'utf8'),
  callback: file => promisify(readFile)(file, 'utf8'),
  promises: file => promises.readFile(file, 'utf8'),
  'named of fs/promises': file => promisedReadFile(file, 'utf8'),
  'namespace of fs/promises': file => promisesNamespace.readFile(file, 'utf8'),
  stream: file => text(createReadStream(file)),
  builtin: file => process.getBuiltinModule('node:fs').readFileSync(file, 'utf8'),
  buffer: file => fs.readFileSync(Buffer.from(file), 'utf8'),
  url: file => fs.readFileSync(new URL(`file://${file}`), 'utf8'),
  relative: file => fs.readFileSync(file.slice(process.cwd().length + 1), 'utf8'),
}
