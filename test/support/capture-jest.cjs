// A Jest reporter that writes what a run reported as one JSON file; run-jest.ts configures it and reads what it wrote.
const { writeFileSync } = require('node:fs')

/** Times, and what is the same in another form. */
const UNSTABLE = new Set(['duration', 'startAt', 'startedAt', 'perfStats', 'memoryUsage', 'failureMessage'])

/** Error-like details keep their own fields, their message, and that of their causes. */
function toPlain(value) {
  if (value === undefined) return '[undefined]'
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(toPlain)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !UNSTABLE.has(key) && key !== 'stack' && inner !== undefined)
      .map(([key, inner]) => [key, toPlain(inner)]),
  )
}

/** A message up to its stack, and the frames of the suite's own files: others differ by design. */
function splitMessage(text, root) {
  const lines = String(text).split('\n')
  const isFrame = line => /^\s+at /.test(line)
  const own = lines.filter(line => isFrame(line) && line.includes(root) && !line.includes('/node_modules/'))
  return {
    text: lines.filter(line => !isFrame(line)).join('\n'),
    // Where, and not in what: a function that was wrapped has another name.
    frames: own.map(line => line.slice(line.indexOf(root)).replace(/\)$/, '')),
  }
}

module.exports = class CaptureReporter {
  #options
  #events = {}
  constructor(_, options) {
    this.#options = options
  }
  #note(path, event) {
    this.#events[path] ??= []
    this.#events[path].push(event)
  }
  onTestCaseStart({ path }, { fullName, ancestorTitles, title }) {
    this.#note(path, `start ${fullName ?? [...ancestorTitles, title].join(' ')}`)
  }
  onTestCaseResult({ path }, { fullName, status }) {
    this.#note(path, `${status} ${fullName}`)
  }
  onRunComplete(_, results) {
    const { root, outputFile } = this.#options
    const files = results.testResults
      .map(file => [
        file.testFilePath,
        {
          ...toPlain({
            ...file,
            testResults: [],
            coverage: undefined,
            v8Coverage: undefined,
            forkpoint: undefined,
          }),
          failure: splitMessage(file.failureMessage ?? '', root),
          console: (file.console ?? []).map(({ message, type }) => ({ message, type })),
          // Jest's emitter tells of those that come together in no certain order.
          events: (this.#events[file.testFilePath] ?? []).sort(),
          tests: file.testResults.map(test => ({
            ...toPlain(test),
            failureMessages: test.failureMessages.map(text => splitMessage(text, root)),
            retryReasons: test.retryReasons?.map(text => splitMessage(text, root)),
          })),
        },
      ])
      .sort(([one], [other]) => (one < other ? -1 : 1))
    writeFileSync(outputFile, JSON.stringify(Object.fromEntries(files)))
  }
}
