const [WIDTH, LABELS, VALUES, ROW, BAR] = [860, 330, 90, 26, 16]
const SPAN = WIDTH - LABELS - VALUES

const STYLE = `
  svg { font: 14px system-ui, sans-serif }
  .back { fill: #ffffff } text { fill: #1b1f24 } .faint { fill: #57606a } .title { font-weight: 600; font-size: 16px } .group { font-weight: 600 }
  .plain { fill: #6e7781 } .fork { fill: #0969da } .heap { fill: #1a7f37 } .other { fill: #b35900 } .mark { stroke: #b42318; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0f1318 } text { fill: #e6eaef } .faint { fill: #9aa5b1 }
    .plain { fill: #8b949e } .fork { fill: #6cb6ff } .heap { fill: #57d27f } .other { fill: #f0a05a } .mark { stroke: #ff9b8f }
  }
`

/**
 * Bars that lie, in groups under headings, as an SVG that is legible light and dark. Every bar has its value written beside it, so the
 * axis needs no figures.
 *
 * @param chart `mark` is a value that a line is drawn at, `write` shows a value, `where` is the machine and the date
 */
export function drawBars({ title, where, scale, write, mark, groups }) {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value))
  const widthOf = scaleOf(scale, [...values, ...(mark === undefined ? [] : [mark])])
  const parts = []
  let y = 70
  for (const group of groups) {
    if (group.title !== '') {
      y += ROW
      parts.push(text(16, y - 8, group.title, 'group'))
    }
    for (const { label, kind, value } of group.bars) {
      const width = widthOf(value)
      parts.push(
        text(LABELS - 10, y + 13, label, '', 'end'),
        `<rect class="${kind}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
        text(LABELS + width + 8, y + 13, write(value)),
      )
      y += ROW
    }
    y += 8
  }
  const line = mark === undefined ? [] : [markLine(LABELS + widthOf(mark), y)]
  const height = y + 8
  const said = groups.flatMap(({ title: of, bars }) =>
    bars.map(({ label, value }) => `${of === '' ? '' : `${of}, `}${label}: ${write(value)}`),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title words">`,
    `<title id="title">${escapeText(title)}</title>`,
    `<desc id="words">${escapeText(said.join('; '))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="back" width="${WIDTH}" height="${height}"/>`,
    text(16, 30, title, 'title'),
    text(16, 52, `${where}${scale === 'log' ? '; logarithmic' : ''}`, 'faint'),
    ...parts,
    ...line,
    '</svg>\n',
  ].join('\n')
}

function scaleOf(scale, values) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (scale === 'linear') return value => round((value / most) * SPAN)
  // The least has a bar too.
  const from = Math.log10(least / 2)
  return value => round(((Math.log10(value) - from) / (Math.log10(most) - from)) * SPAN)
}

const markLine = (x, bottom) => `<line class="mark" x1="${x}" x2="${x}" y1="66" y2="${bottom - 8}"/>`

function text(x, y, content, name = '', anchor = 'start') {
  const attributes = [name && ` class="${name}"`, anchor !== 'start' && ` text-anchor="${anchor}"`].filter(
    Boolean,
  )
  return `<text x="${round(x)}" y="${y}"${attributes.join('')}>${escapeText(content)}</text>`
}

const round = value => Math.round(value * 10) / 10

const escapeText = content => content.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
