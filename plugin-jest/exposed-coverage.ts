import { fileURLToPath } from 'node:url'
import type { ExposedSources, Exposure } from './exposed-sources.ts'
import {
  changeCoverage,
  coverageSession,
  type JestRuntime,
  type ScriptCoverage,
  sourcesOf,
} from './jest-runtime.ts'

/** Coverage by the provider `v8` counts what ran: has it be told of the code as it was before it was exposed. */
export function restoreCoverage(runtime: JestRuntime, { files }: ExposedSources): void {
  changeCoverage(runtime, result => {
    if (coverageSession(runtime) === null) return result
    const sources = sourcesOf(runtime)
    return result.map(script => {
      if (!script.url.startsWith('file://')) return script
      const file = fileURLToPath(script.url)
      const exposure = files.get(file)
      const source = sources.get(file)
      if (exposure === undefined || source === undefined || source.code !== exposure.code) return script
      const { code, sourceMapPath } = exposure.before
      sources.set(file, { ...source, code, sourceMapPath })
      return shiftScript(script, exposure, source.wrapperLength ?? 0)
    })
  })
}

/** @param start where the code begins in what was run */
function shiftScript(script: ScriptCoverage, { inserted }: Exposure, start: number): ScriptCoverage {
  const shift = (offset: number): number => {
    let before = offset - start
    if (before <= 0) return offset
    for (const [at, length] of inserted) {
      if (before <= at) break
      before = Math.max(at, before - length)
    }
    return start + before
  }
  const functions = script.functions.flatMap(({ ranges, ...rest }) => {
    const shifted = ranges
      .map(range => ({
        ...range,
        startOffset: shift(range.startOffset),
        endOffset: shift(range.endOffset),
      }))
      .filter(({ startOffset, endOffset }) => startOffset < endOffset)
    // The first is the whole function: it was put into the code.
    return shifted.length === 0 ? [] : [{ ...rest, ranges: shifted }]
  })
  return { ...script, functions }
}
