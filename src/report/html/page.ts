import { toRunRecord } from '../read-report.ts'
import type { ReportFile } from '../report-file.ts'
import { formatMs, sum } from '../statistics.ts'
import { findings, type Sources } from './findings.ts'
import { html, Markup } from './markup.ts'
import { prose } from './prose.ts'
import { STYLESHEET } from './stylesheet.ts'
import { suites } from './suites.ts'
import { timeline } from './timeline.ts'

/** A report as one page that needs nothing else: no network, no script. */
export function toPage(report: ReportFile, sources: Sources): string {
  const { runner, node, startedAt, wallMs, forkpoint, engine } = report
  const checkpoints = toRunRecord(report).files.flatMap(file => file.checkpoints)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>forkpoint: ${verdict(report)}</title>
<style>${new Markup(STYLESHEET)}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>${verdict(report)}</h1>
<p class="faint">${runner} on Node ${node}, forkpoint ${forkpoint}, <time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time>, ${formatMs(wallMs)}</p>
${figures(report)}
</header>
<main>
<section aria-labelledby="engine"><h2 id="engine">Engine</h2>
<p><strong>${engine.chosen === 'off' ? 'off' : `${engine.chosen} engine`}</strong>: ${prose(engine.why)}</p>
${engine.refused.map(each => html`<p>${each.engine} engine can't run here: ${prose(each.why)}; ${prose(each.remedy)}</p>`)}</section>
<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
${timeline(report)}</section>
<section aria-labelledby="suites"><h2 id="suites">Suites</h2>
${checkpoints.length === 0 ? html`<p>None has a setup.</p>` : suites(checkpoints, sources.showPath)}</section>
<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>
${findings(report.findings, sources)}</section>
<footer>Written by forkpoint ${forkpoint}.</footer>
</main>
</body>
</html>
`
  return page.text
}

function verdict({ saved: { setupMs, spentMs }, checkpoints }: ReportFile): string {
  if (checkpoints.every(({ restores }) => restores === 0)) return 'Nothing was rolled back'
  return setupMs > spentMs
    ? `${formatMs(setupMs - spentMs)} of setup not spent`
    : 'Rolling back did not pay in this run'
}

function figures({ checkpoints, saved, findings: all, wallMs }: ReportFile): Markup {
  const rolledBack = checkpoints.filter(({ restores }) => restores > 0)
  const shown: ReadonlyArray<readonly [figure: string, words: string]> = [
    [String(rolledBack.length), 'checkpoints'],
    [String(sum(rolledBack.map(({ restores }) => restores))), 'rollbacks'],
    [formatMs(saved.setupMs), 'setup not run'],
    [formatMs(saved.spentMs), 'spent on rolling back'],
    [formatMs(wallMs), 'the whole run'],
    [String(all.length), 'findings'],
  ]
  return html`<ul class="figures">${shown.map(([figure, words]) => html`<li><strong>${figure}</strong> ${words}</li>`)}</ul>`
}
