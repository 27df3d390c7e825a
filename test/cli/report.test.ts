import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { writeReportFile } from '../../src/report/report-file.ts'
import { version } from '../../src/version.ts'
import { runForkpoint } from '../support/run-forkpoint.ts'
import { fileWith, plainSuite, rolledBackSuite, runOf } from '../unit/report/records.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-report-')))
  mkdirSync(join(folder, 'src'))
  writeFileSync(
    join(folder, 'src/store.ts'),
    ['one', 'two', 'three', '  save("<db>")', 'five', 'six', 'seven'].join('\n'),
  )
  const findings: Finding[] = [
    {
      kind: 'host-call',
      nature: 'unsafe',
      effect: 'net.connect',
      call: 'net.Socket.connect',
      resource: '127.0.0.1:5432',
      detail: 'Bytes were sent to <another> process.',
      suite: 'cart',
      test: 'adds & removes',
      site: `${folder}/src/store.ts:4:3`,
      count: 12,
    },
    { kind: 'fallback', detail: 'Setup was re-run for every test: a timer.', suite: 'price', count: 1 },
  ]
  const file = `${folder}/cart.test.ts`
  const suites = [rolledBackSuite({ file }), plainSuite({ file })]
  writeReportFile(
    join(folder, 'report.json'),
    runOf(fileWith({ file, checkpoints: suites, hoisted: 1, findings })),
  )
  writeReportFile(join(folder, 'report.sarif'), runOf())
  writeFileSync(join(folder, 'broken.json'), '{')
  writeFileSync(join(folder, 'other.json'), '{"name":"other"}')
  writeFileSync(join(folder, 'later.json'), '{"schema":2}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('forkpoint report prints the run, its summary, and every place', () => {
  expect(runForkpoint(['report', 'report.json'], { cwd: folder })).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: `        Run  runner@1.2.3 on Node 20.20.2, forkpoint ${version}: 2026-11-21T00:00:00.000Z, 1.23 s
  Forkpoint  fork engine: its preconditions hold here
Checkpoints  1 taken in 12 ms, 88 MB resident
   Restores  99, median 3.0 ms, p95 3.0 ms
      Saved  9.47 s (9.80 s of setup not run, 331 ms spent on rolling back)
    Hoisted  1 hook run once per suite
   Findings  1
             Setup was re-run for every test: a timer.
               cart.test.ts > price
 Host calls  12 can't be rolled back
             net.Socket.connect (127.0.0.1:5432) × 12 at src/store.ts:4:3
                 cart.test.ts > cart > adds & removes
               Bytes sent to another process stay sent. Take them back there (BEGIN and ROLLBACK, say) and mark the call: \`rollbackSafe(() => pool.query(sql), { why: 'rolled back by the server' })\`.
`,
  })
})

test.each([
  ['missing.json', "ENOENT: no such file or directory, open '<dir>/missing.json'"],
  ['broken.json', expect.stringContaining('JSON')],
  ['other.json', 'it has no `schema`'],
  ['later.json', 'its schema is 2, and this version reads 1'],
  ['report.sarif', 'it is SARIF, which holds the findings only'],
])('%s is an error that says why it is no report', (name, why) => {
  const { exitCode, stdout, stderr } = runForkpoint(['report', name], { cwd: folder })
  const [, reason] =
    /^\[forkpoint\] Failed to read <dir>\/\S+ as a report: (.*); give the JSON file that the option `report` of a run has written \(ERR_FORKPOINT_OPTION\)\n$/.exec(
      stderr.replaceAll(folder, '<dir>'),
    ) ?? [stderr]
  expect([exitCode, stdout, reason]).toEqual([2, '', why])
})

describe('the page', () => {
  let page = ''
  beforeAll(() => {
    const { exitCode, stdout, stderr } = runForkpoint(['report', 'report.json', '--html', 'out.html'], {
      cwd: folder,
    })
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'Written to out.html\n', stderr: '' })
    page = readFileSync(join(folder, 'out.html'), 'utf8')
  })

  /** The text of the elements that a pattern opens. */
  const textOf = (pattern: string): string[] =>
    [...page.matchAll(new RegExp(`<(${pattern})(?: [^>]*)?>([\\s\\S]*?)</\\1>`, 'g'))].map(
      ([, , inner = '']) =>
        inner
          .replaceAll(/<br>|<\/t[dh]>/g, ' ')
          .replaceAll(/<[^>]*>/g, '')
          .replaceAll(/\s+/g, ' ')
          .trim(),
    )

  test('needs nothing but itself: no address, no script, and a policy that forbids both', () => {
    expect(page).not.toMatch(/https?:|<script|<link|<img|@import|url\(/)
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    )
  })

  test('every element that is opened is closed, in order', () => {
    const open: string[] = []
    const body = page.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!doctype html>', '')
    for (const [, close, name = '', isVoid] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^>]*?)?(\/?)>/g)) {
      if (isVoid || ['meta', 'br'].includes(name)) continue
      if (close) expect([name, open.pop()]).toEqual([name, name])
      else open.push(name)
    }
    expect(open).toEqual([])
  })

  test('has its sections under headings, in an order that can be read out', () => {
    expect(textOf('h1|h2|h3')).toEqual([
      '9.47 s of setup not spent',
      'Engine',
      'Timeline',
      'Worker 1, 1 file',
      'Suites',
      'Findings',
      'net.connect: connects to another process seen 12 times',
      'Setup re-run seen once',
    ])
  })

  test('the timeline of a worker says in words what it shows', () => {
    const words = '99 rollbacks in 319 ms, 99 rolled back tests in 990 ms, 31 plain tests in 70 ms'
    const [, label] = /<svg class="lane"[^>]* aria-label="([^"]*)"/.exec(page) ?? []
    expect(label?.split(', ').sort()).toEqual(words.split(', ').sort())
    expect(textOf('p').filter(text => text === label)).toHaveLength(1)
  })

  test('the table of suites has those that saved most first', () => {
    expect(textOf('tr').slice(1)).toEqual([
      'cart cart.test.ts rolled back setup 100 ms, restore about 3.0 ms 100 100 ms × 2 99 3.0 ms 9.47 s',
      'price cart.test.ts setup re-run setup is cheaper than a rollback (setup 0.2 ms, restore about 3.0 ms) 30 0.2 ms × 30 0',
    ])
  })

  test('a finding has its call site with the source around it, and text of the project stays text', () => {
    expect(textOf('pre')).toEqual(['2 two 3 three 4 save(&#34;&#60;db&#62;&#34;) 5 five 6 six'])
    expect(textOf('mark')).toEqual(['4 save(&#34;&#60;db&#62;&#34;)'])
    expect(textOf('summary')).toEqual([
      'net.Socket.connect not undone at src/store.ts:4:3 seen 12 times',
      'seen once',
    ])
    expect(page).toContain('Bytes were sent to &#60;another&#62; process.')
    expect(page).toContain('cart &#62; adds &#38; removes')
  })

  test('what scrolls can be reached with the keyboard, and has a name', () => {
    const scrolling = [...page.matchAll(/<(?:div class="scroll"|pre)[^>]*>/g)].map(([tag]) => tag)
    expect(scrolling).toHaveLength(2)
    for (const tag of scrolling) expect(tag).toMatch(/tabindex="0".*aria-label="[^"]+"/s)
  })

  test('shows no source from outside of the folder', () => {
    mkdirSync(join(folder, 'below'), { recursive: true })
    runForkpoint(['report', '../report.json', '--html', 'out.html'], { cwd: join(folder, 'below') })
    expect(readFileSync(join(folder, 'below/out.html'), 'utf8')).not.toContain('<pre')
  })

  test('one that can not be written is an error', () => {
    expect(runForkpoint(['report', 'report.json', '--html', 'none/out.html'], { cwd: folder })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        `[forkpoint] Failed to write the page to ${folder}/none/out.html: ENOENT: no such file or directory, open '${folder}/none/out.html'; ` +
        'give `--html` a path that can be written (ERR_FORKPOINT_OPTION)\n',
    })
  })

  test('--html without a path is an error', () => {
    expect(runForkpoint(['report', 'report.json', '--html'], { cwd: folder }).stderr).toBe(
      '[forkpoint] `--html` was given nothing; it takes a value: `--html OUT` (ERR_FORKPOINT_OPTION)\n',
    )
  })
})
