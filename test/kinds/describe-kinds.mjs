import { groups } from './index.mjs'

/** Of the shared path of all: the file and the function that made it. */
const withoutFile = path => path.replace(/^test\/kinds\/\w+\.mjs › make\(\) › /, '')

function describeRefusal({ path, why }) {
  return `refused: \`${withoutFile(path)}\` can't be put back: ${why.replace(/ \(and \d+ more\)$/, '')}`
}

/** The table of kinds, in Markdown: as the tests have it. */
export function describeKinds() {
  return groups
    .map(({ title, kinds }) => {
      const rows = Object.values(kinds).map(({ state, change, refused, withoutNatives }) => {
        const less = !refused && withoutNatives ? ', but not without the natives of V8' : ''
        return `| ${state} | ${change} | ${refused ? describeRefusal(refused) : `restored${less}`} |`
      })
      return [`| *${title}* | *what a test does* | |`, ...rows].join('\n')
    })
    .join('\n')
}
