// Loaded before a script: its process is ended as soon as an undo is about to put the first file in its place.
const fs = require('node:fs')

const { renameSync } = fs
fs.renameSync = (from, to) => {
  if (String(from).endsWith('-undo')) process.kill(process.pid, 'SIGKILL')
  return renameSync(from, to)
}
