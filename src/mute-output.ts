type Done = (error?: Error | null) => void

/** What is written to the process's output goes nowhere, until the function that comes back is called. */
export function muteOutput(): () => void {
  const undos = [process.stdout, process.stderr].map(stream => {
    const before = Object.getOwnPropertyDescriptor(stream, 'write')
    const write = (_chunk: unknown, encoding?: unknown, callback?: Done): boolean => {
      const done = (typeof encoding === 'function' ? encoding : callback) as Done | undefined
      if (done !== undefined) process.nextTick(done)
      return true
    }
    stream.write = write as typeof stream.write
    return () => {
      if (before === undefined) Reflect.deleteProperty(stream, 'write')
      else Object.defineProperty(stream, 'write', before)
    }
  })
  return () => {
    for (const undo of undos) undo()
  }
}
