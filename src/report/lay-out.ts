import type { Section } from './section.ts'
import type { Style } from './style.ts'

/** Of the label and the gap after it: what follows lines up with a runner's own closing lines. */
const LABEL_WIDTH = 11
const INDENT = ' '.repeat(LABEL_WIDTH + 2)

/** Sections one below the other, their labels in a column of their own; without a line break at the end. */
export function layOut(sections: readonly Section[], style: Style): string {
  return sections
    .map(({ label, lines }) => {
      const text = lines.join('\n').replaceAll('\n', `\n${INDENT}`)
      return `${style.dim(`${label.padStart(LABEL_WIDTH)} `)} ${text}`
    })
    .join('\n')
}
