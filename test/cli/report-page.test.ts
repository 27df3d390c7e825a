import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReportFile } from '../../src/report/report-file.ts'
import { Browser, findBrowser } from '../support/browser.ts'
import { runForkpoint } from '../support/run-forkpoint.ts'
import { fileWith, plainSuite, rolledBackSuite, runOf } from '../unit/report/records.ts'

const program = findBrowser()

/** The least contrast of any text of the page with what is behind it, by the formula of WCAG, and the element that has it. */
const LEAST_CONTRAST = `(() => {
  const numbers = color => color.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const color = numbers(getComputedStyle(each).backgroundColor)
      if (color.length === 3 || color[3] > 0) return color
    }
    return [255, 255, 255]
  }
  const found = [...document.body.querySelectorAll('*')]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== ''))
    .map(each => {
      const [a, b] = [light(numbers(getComputedStyle(each).color)), light(behind(each))]
      return { contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), what: each.outerHTML.slice(0, 80) }
    })
  return found.sort((a, b) => a.contrast - b.contrast)[0]
})()`

describe.skipIf(program === null)(
  program === null
    ? "the page of a report in a browser: not tested, there is no /usr/bin/chromium (Debian's package `chromium`), and no CHROMIUM"
    : 'the page of a report in a browser',
  () => {
    let folder = ''
    let browser: Browser
    beforeAll(async () => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-page-')))
      mkdirSync(join(folder, 'src'))
      writeFileSync(join(folder, 'src/store.ts'), `one\ntwo\nconst line = '${'long '.repeat(60)}'\nfour\n`)
      const file = `${folder}/a/folder/whose/name/is/not/short/cart-with-a-long-name.test.ts`
      const site = `${folder}/src/store.ts:3:7`
      const call = {
        kind: 'host-call',
        nature: 'unsafe',
        effect: 'net.connect',
        call: 'net.connect',
        detail: 'Sent: `a.b()`.',
      } as const
      const findings = [{ ...call, resource: '127.0.0.1:5432', site, test: 'adds', count: 2 }]
      const record = fileWith({
        file,
        checkpoints: [rolledBackSuite({ file }), plainSuite({ file })],
        findings,
      })
      writeReportFile(join(folder, 'report.json'), runOf(record))
      runForkpoint(['report', 'report.json', '--html', 'page.html'], { cwd: folder })
      browser = await Browser.open(program ?? '', join(folder, 'page.html'))
    })
    afterAll(async () => {
      await browser?.close()
      rmSync(folder, { recursive: true })
    })

    const theme = (value: string): Promise<unknown> =>
      browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })

    test('asks for nothing but itself', () => {
      expect(browser.requested).toEqual([`file://${folder}/page.html`])
    })

    test.each([400, 1200])(
      'fits into a window of %i pixels: only the table and the source scroll sideways',
      async width => {
        await browser.send('Emulation.setDeviceMetricsOverride', {
          width,
          height: 800,
          deviceScaleFactor: 1,
          mobile: false,
        })
        const beyond =
          '(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.scrollingElement)'
        expect(await browser.evaluate(beyond)).toBe(0)
        const wide = `[...document.querySelectorAll('body *')].filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === 'auto')`
        expect(await browser.evaluate(`${wide}.map(each => each.className || each.localName)`)).toEqual(
          width === 400 ? ['scroll', 'pre'] : ['pre'],
        )
      },
    )

    test.each(['light', 'dark'])('its text can be read on a %s screen', async value => {
      await theme(value)
      const background = await browser.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(background).toBe(value === 'dark' ? 'rgb(15, 19, 24)' : 'rgb(255, 255, 255)')
      const least = (await browser.evaluate(LEAST_CONTRAST)) as { contrast: number; what: string }
      expect(least.contrast, least.what).toBeGreaterThan(4.5)
    })

    test('the keyboard reaches what can be scrolled and opened, in order, and the findings at once', async () => {
      const focused = `(each => each.className || each.id || each.localName)(document.activeElement)`
      const reached: unknown[] = []
      for (let i = 0; i < 4; i++) {
        await browser.press('Tab')
        reached.push(await browser.evaluate(focused))
      }
      expect(reached).toEqual(['skip', 'scroll', 'summary', 'pre'])
      await browser.evaluate(`document.querySelector('.skip').click()`)
      expect(await browser.evaluate(focused)).toBe('findings')
    })

    test('a screen reader hears headings, a named picture for each worker, and the table with its headers', async () => {
      const { nodes } = (await browser.send('Accessibility.getFullAXTree')) as unknown as {
        nodes: Array<{ ignored: boolean; role?: { value: string }; name?: { value: string } }>
      }
      const heard = (role: string): string[] =>
        nodes.filter(node => !node.ignored && node.role?.value === role).map(node => node.name?.value ?? '')
      expect(heard('heading')).toEqual([
        '9.47 s of setup not spent',
        'Engine',
        'Timeline',
        'Worker 1, 1 file',
        'Suites',
        'Findings',
        'net.connect: connects to another process seen 2 times',
      ])
      expect(heard('image')).toEqual([expect.stringContaining('99 rollbacks in 319 ms')])
      expect(heard('columnheader')).toEqual([
        'Suite',
        'What became of it',
        'Tests',
        'Setup',
        'Rollbacks',
        'Each, median',
        'Saved',
      ])
      expect(heard('rowheader')).toHaveLength(2)
      expect(heard('group').filter(Boolean)).toEqual([
        expect.stringContaining('Source of src/store.ts, line 3'),
      ])
    })
  },
)
