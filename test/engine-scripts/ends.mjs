// Bodies that end their process. After each the checkpoint serves on.
import { checkpoint } from 'forkpoint'
import { errorOf, runScenario } from './scenario.mjs'

let counter = 0
const point = await checkpoint()
const forever = new Promise(() => {})

async function end(body) {
  const error = await errorOf(
    point.run(() => {
      counter++
      return body()
    }),
  )
  return { ...error, next: await point.run(() => ++counter) }
}

await runScenario({
  abort: () => end(() => process.abort()),
  kill: () => end(() => process.kill(process.pid, 'SIGKILL')),
  segfault: () => end(() => process.kill(process.pid, 'SIGSEGV')),
  terminate: () =>
    end(() => {
      process.kill(process.pid, 'SIGTERM')
      return forever
    }),
  exit: () => end(() => process.exit(7)),
  exitCode: () =>
    end(() => {
      process.exitCode = 3
      process.exit()
    }),
  exitZero: () => end(() => process.exit(0)),
  laterError: () =>
    end(() => {
      setTimeout(() => {
        throw new RangeError('later')
      })
      return forever
    }),
  laterRejection: () =>
    end(() => {
      Promise.reject(new RangeError('later'))
      return forever
    }),
})
