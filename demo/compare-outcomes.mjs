/** One line per test that did not pass in both runs, or that only one of them has. */
export function compareOutcomes(plain, rolledBack) {
  const names = new Set([...plain.keys(), ...rolledBack.keys()])
  return [...names].flatMap(name => {
    const [before, after] = [plain.get(name) ?? 'missing', rolledBack.get(name) ?? 'missing']
    return before === 'passed' && after === 'passed' ? [] : [`${name}: ${before}, with forkpoint ${after}`]
  })
}
