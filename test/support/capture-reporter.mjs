// A Vitest reporter (public reporter API only) that writes everything a run reported as one JSON file.
// The same file runs in Vitest 4.1 and 5.1; run-suite.ts configures it and reads what it wrote.
import { writeFileSync } from 'node:fs'

/** Keys whose values are times, addresses or the same thing twice, so that no two runs agree on them. */
const UNSTABLE = new Set([
  'stack',
  'stackStr',
  'startTime',
  'duration',
  'heap',
  'codeFrame',
  'VITEST_AFTER_ENV_TEARDOWN',
])

/** A copy without unstable keys that survives JSON: undefined, NaN and functions stay visible, cycles end. */
function toPlain(value, seen = []) {
  if (value === undefined) return '[undefined]'
  if (typeof value === 'bigint' || typeof value === 'symbol' || Number.isNaN(value))
    return `[${String(value)}]`
  if (typeof value === 'function') return `[function ${value.name}]`
  if (value === null || typeof value !== 'object') return value
  if (seen.includes(value)) return '[circular]'
  const inner = [...seen, value]
  if (Array.isArray(value)) return value.map(item => toPlain(item, inner))
  if (value instanceof Uint8Array) return `[bytes ${Buffer.from(value).toString('base64')}]`
  const keys = Object.keys(value).filter(key => !UNSTABLE.has(key))
  return Object.fromEntries(keys.map(key => [key, toPlain(value[key], inner)]))
}

/** Frames in Vitest, Node and dependencies differ by design (forkpoint adds its own); those in the suite may not. */
function framesOf(error, root) {
  return (error.stacks ?? [])
    .filter(frame => frame.file.startsWith(root) && !frame.file.includes('/node_modules/'))
    .map(
      ({ method, file, line, column }) =>
        `${method || '<anonymous>'} ${file.slice(root.length)}:${line}:${column}`,
    )
}

function plainErrors(errors, root) {
  return (errors ?? []).map(error => {
    // Of an error of the main process itself name and message are no properties of its own that could be listed.
    const {
      stacks: _,
      cause,
      ...rest
    } = { name: error.name, message: error.message, ...error, cause: error.cause }
    const plain = { ...toPlain(rest), frames: framesOf(error, root) }
    return cause && typeof cause === 'object' ? { ...plain, cause: plainErrors([cause], root)[0] } : plain
  })
}

/** What forkpoint tells of a task is its own; all else in `task.meta` is the user's. */
function plainMeta(entity) {
  const { forkpoint: _, ...meta } = entity.meta()
  return toPlain(meta)
}

/** A test named "… at least 50 ms" must have a duration that says so. */
function durationOf(name, { duration, startTime }) {
  if (typeof duration !== 'number' || typeof startTime !== 'number' || duration < 0)
    return `${duration} from ${startTime}`
  const least = Number(/at least (\d+) ms/.exec(name)?.[1] ?? 0)
  return duration >= least ? 'a number' : `${duration}, expected at least ${least}`
}

export default class CaptureReporter {
  #options
  #vitest
  #events = new Map()
  #consoles = new Map()
  #starts = []

  constructor(options) {
    this.#options = options
  }

  onInit(vitest) {
    this.#vitest = vitest
  }

  #note(entity, event) {
    const events = this.#events.get(entity.id)
    if (events) events.push(event)
    else this.#events.set(entity.id, [event])
  }

  /**
   * What happened to a task, in order; and the same with its hooks, sorted: Vitest reports batches that arrive
   * together side by side, so the end in one can come before a hook in the one before. A setup that runs once starts fewer hooks, by design.
   */
  #eventsOf(entity) {
    const all = this.#events.get(entity.id) ?? []
    return { events: all.filter(event => !event.startsWith('hook ')), hooks: all.toSorted() }
  }

  onTestModuleQueued = entity => this.#note(entity, 'queued')
  onTestModuleCollected = entity => this.#note(entity, 'collected')
  onTestModuleStart = entity => this.#note(entity, 'start')
  onTestModuleEnd = entity => this.#note(entity, `end: ${entity.state()}`)
  onTestSuiteReady = entity => this.#note(entity, 'ready')
  onTestSuiteResult = entity => this.#note(entity, `result: ${entity.state()}`)
  onTestCaseReady = entity => {
    this.#starts.push(entity.id)
    this.#note(entity, 'ready')
  }
  onTestCaseResult = entity => this.#note(entity, `result: ${entity.result().state}`)
  onTestCaseAnnotate = (entity, annotation) => this.#note(entity, `annotation: ${annotation.message}`)
  onTestCaseArtifactRecord = (entity, artifact) => this.#note(entity, `artifact: ${artifact.type}`)
  onTestCaseRetry = entity => this.#note(entity, 'retry')
  onHookStart = hook => this.#note(hook.entity, `hook start: ${hook.name}`)
  onHookEnd = hook => this.#note(hook.entity, `hook end: ${hook.name}`)

  onUserConsoleLog(log) {
    const key = log.taskId ?? 'no task'
    const console = this.#consoles.get(key) ?? { stdout: '', stderr: '' }
    console[log.type] += log.content
    this.#consoles.set(key, console)
  }

  #testOf(test) {
    const root = this.#options.root
    const { state, errors, note } = test.result()
    const diagnostic = test.diagnostic()
    return {
      state,
      ...(note === undefined ? {} : { note }),
      errors: plainErrors(errors, root),
      options: toPlain(test.options),
      location: toPlain(test.location),
      ...(diagnostic && {
        duration: durationOf(test.name, diagnostic),
        retryCount: diagnostic.retryCount,
        repeatCount: diagnostic.repeatCount,
        flaky: diagnostic.flaky,
      }),
      annotations: toPlain(test.annotations()),
      artifacts: toPlain(test.artifacts()),
      meta: plainMeta(test),
      attempts: (test.task?.result?.attempts ?? []).map(attempt => ({
        ...toPlain(attempt),
        errors: plainErrors(attempt.errors, root),
      })),
    }
  }

  #entityOf(entity) {
    const own =
      entity.type === 'test'
        ? this.#testOf(entity)
        : {
            state: entity.state(),
            errors: plainErrors(entity.errors(), this.#options.root),
            ...(entity.type === 'suite' ? { options: toPlain(entity.options) } : {}),
            meta: plainMeta(entity),
          }
    const console = this.#consoles.get(entity.id) ?? { stdout: '', stderr: '' }
    return { type: entity.type, ...own, ...this.#eventsOf(entity), console }
  }

  onTestRunEnd(testModules, unhandledErrors, reason) {
    const tasks = {}
    const names = new Map()
    const add = (name, entity) => {
      let unique = name
      for (let copy = 2; unique in tasks; copy++) unique = `${name} (${copy})`
      tasks[unique] = this.#entityOf(entity)
      names.set(entity.id, unique)
      if (entity.type !== 'test') for (const child of entity.children) add(`${unique} > ${child.name}`, child)
    }
    const files = [...testModules].sort((a, b) => (a.relativeModuleId < b.relativeModuleId ? -1 : 1))
    for (const testModule of files) add(testModule.relativeModuleId, testModule)
    const strays = [...this.#consoles].filter(([id]) => !names.has(id))
    const run = {
      reason,
      order: files.map(file =>
        this.#starts.filter(id => id.startsWith(`${file.id}_`)).map(id => names.get(id)),
      ),
      tasks,
      strayConsole: strays.map(([, console]) => console),
      unhandledErrors: plainErrors(unhandledErrors, this.#options.root),
      snapshot: toPlain(this.#vitest.snapshot.summary),
    }
    writeFileSync(this.#options.outputFile, JSON.stringify(run))
  }
}
