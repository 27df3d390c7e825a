/**
 * Why the run with forkpoint did not roll back, from its report; empty when everything was rolled back.
 * Its findings tell of suites that had to be left out although the engine was there.
 */
export function explainEngine(report) {
  if (report === null) return ['forkpoint wrote no report, so nothing is known about its engine.']
  const { chosen, why, refused, others } = report.engine
  const lines = report.findings.filter(({ kind }) => kind === 'fallback').map(({ detail }) => detail)
  if (chosen === 'fork' && others.length === 0) return lines
  const reasons = refused.map(refusal => `${refusal.why}; ${refusal.remedy}.`)
  return [
    `The fork engine is missing: ${reasons.join(' ') || `${why}.`}`,
    'So the second run built a database for every test, as the first did: what differs in time is how busy the machine was.',
    ...lines,
  ]
}
