const STYLE = `
  svg { font: 14px system-ui, sans-serif }
  .back { fill: #ffffff } text { fill: #1b1f24 } .faint { fill: #57606a } .strong { font-weight: 600 } .code { font-family: ui-monospace, monospace; font-size: 13px }
  .box { fill: #f6f8fa; stroke: #6e7781 } .still { fill: #eaeef2; stroke: #6e7781; stroke-dasharray: 5 4 } .setup { fill: #fdeed8; stroke: #b35900 }
  .test { fill: #ddf0ff; stroke: #0969da } .good { fill: #ddf5e3; stroke: #1a7f37 } .bad { fill: #fde4e1; stroke: #b42318 }
  .line { fill: none; stroke: #57606a; stroke-width: 1.5 } .tip, .point { fill: #57606a } .mark { stroke: #1a7f37; stroke-width: 2 } .flag { fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0f1318 } text { fill: #e6eaef } .faint { fill: #9aa5b1 }
    .box { fill: #1b2129; stroke: #8b949e } .still { fill: #161b22; stroke: #8b949e } .setup { fill: #3a2a14; stroke: #f0a05a }
    .test { fill: #12304d; stroke: #6cb6ff } .good { fill: #143321; stroke: #57d27f } .bad { fill: #451c18; stroke: #ff9b8f }
    .line { stroke: #9aa5b1 } .tip, .point { fill: #9aa5b1 } .mark { stroke: #57d27f } .flag { fill: #57d27f }
  }
`

/** A drawing of parts, legible light and dark. `words` is what it shows, for whoever does not see it. */
export function drawing({ width, height, title, words, parts }) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title words">`,
    `<title id="title">${escapeText(title)}</title>`,
    `<desc id="words">${escapeText(words)}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="tip" d="M0 1 10 5 0 9z"/></marker></defs>',
    `<rect class="back" width="${width}" height="${height}"/>`,
    ...parts.flat(Infinity),
    '</svg>\n',
  ].join('\n')
}

export function text(x, y, content, { kind = '', anchor = 'start' } = {}) {
  const attributes = `${kind && ` class="${kind}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`
  return `<text x="${x}" y="${y}"${attributes}>${escapeText(content)}</text>`
}

/** With its lines of text in the middle; a line is its content, or the content and the kind of text. */
export function box(kind, x, y, width, height, ...lines) {
  const first = y + height / 2 + 5 - (lines.length - 1) * 9
  return [
    `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`,
    lines.map((line, index) => {
      const [content, textKind = ''] = [line].flat()
      return text(x + width / 2, first + index * 18, content, { kind: textKind, anchor: 'middle' })
    }),
  ]
}

/** From the first of the points, `[x, y]`, along the others to the last. */
export const arrow = (...points) => `<path class="line" marker-end="url(#tip)" d="M${points.join('L')}"/>`

/** The moment of a checkpoint, with a flag at its top. */
export const checkpointMark = (x, top, bottom) => [
  `<line class="mark" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>`,
  `<path class="flag" d="M${x} ${top}h16l-5 6 5 6h-16z"/>`,
]

const escapeText = content => content.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
