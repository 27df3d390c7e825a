/** What V8 prints when a process has run out of memory, to its end. */
const REPORT = /\n*<--- Last few GCs --->[\s\S]*/

/**
 * Of what a test's process has printed as errors: all but V8's report on its memory. By that text Jest knows a worker that is
 * about to die, and ends it.
 */
export function withoutMemoryReport(text: string): string {
  return text.replace(REPORT, '\n')
}
