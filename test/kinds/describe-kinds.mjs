import { groups } from './index.mjs'

const HEAD = '| state | what a test does | fork engine | heap engine |\n|---|---|---|---|'

/** Of the shared path of all: the file and the function that made it. */
const withoutFile = path => path.replace(/^test\/kinds\/\w+\.mjs › make\(\) › /, '')

function describeRefusal({ path, why }) {
  return `refused: \`${withoutFile(path)}\` can't be put back: ${why.replace(/ \(and \d+ more\)$/, '')}`
}

/** What the heap engine does; the fork engine restores every kind. */
function describeHeap({ refused, withoutNatives }) {
  if (refused) return describeRefusal(refused)
  return `restored${withoutNatives ? ', but not without the natives of V8' : ''}`
}

/** The table of kinds, in Markdown, a section for each group: as the tests have it. */
export function describeKinds() {
  return groups
    .map(({ title, kinds }) => {
      const rows = Object.values(kinds).map(
        kind => `| ${kind.state} | ${kind.change} | restored | ${describeHeap(kind)} |`,
      )
      return [`## ${title}\n`, HEAD, ...rows].join('\n')
    })
    .join('\n\n')
}
