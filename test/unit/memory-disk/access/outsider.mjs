import { promises } from 'node:fs'

/** In two steps: the second one has no caller but this file. */
export async function write(file, content) {
  await promises.writeFile(file, '')
  await promises.writeFile(file, content)
}
