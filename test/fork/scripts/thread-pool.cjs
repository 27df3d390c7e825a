// A CommonJS script: nothing has used the thread pool when forkpoint is loaded.
const { readFile } = require('node:fs/promises')
const { checkpoint } = require('forkpoint')

readFile(__filename).then(async () => {
  const point = await checkpoint()
  process.stdout.write(JSON.stringify(await point.run(() => 1)))
})
