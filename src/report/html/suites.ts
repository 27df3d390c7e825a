import type { CheckpointRecord } from '../run-record.ts'
import { savingsOf } from '../savings.ts'
import { formatMs, median } from '../statistics.ts'
import { html, type Markup } from './markup.ts'

const DECISIONS: Readonly<Record<CheckpointRecord['decision'], string>> = {
  'rolled-back': 'rolled back',
  plain: 'setup re-run',
  failed: 'setup failed',
}

/** Each suite with a setup: what became of it and why, and the setup time that it did not spend; those that saved most first. */
export function suites(checkpoints: readonly CheckpointRecord[], showPath: (path: string) => string): Markup {
  const rows = checkpoints
    .map(checkpoint => ({ checkpoint, ...savingsOf([checkpoint]) }))
    .sort((a, b) => b.setupMs - b.spentMs - (a.setupMs - a.spentMs))
  return html`<p class="faint" id="saved">Saved is the measured setup, times the re-runs avoided, less what rolling back cost.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of suites"><table aria-describedby="saved">
<thead><tr><th scope="col">Suite</th><th scope="col">What became of it</th><th scope="col" class="number">Tests</th><th scope="col" class="number">Setup</th>
<th scope="col" class="number">Rollbacks</th><th scope="col" class="number">Each, median</th><th scope="col" class="number">Saved</th></tr></thead>
<tbody>${rows.map(({ checkpoint, setupMs, spentMs }) => row(checkpoint, setupMs - spentMs, showPath))}</tbody></table></div>`
}

function row(checkpoint: CheckpointRecord, savedMs: number, showPath: (path: string) => string): Markup {
  const { file, suite, decision, why, tests, setupMs, setupRuns, restores, restoreMs } = checkpoint
  return html`<tr><th scope="row">${suite || 'whole file'}<br><code class="faint">${showPath(file)}</code></th>
<td>${DECISIONS[decision]}${why && html`<br><span class="faint">${why}</span>`}</td><td class="number">${tests}</td>
<td class="number">${formatMs(setupMs)} × ${setupRuns}</td><td class="number">${restores}</td>
<td class="number">${restores > 0 ? formatMs(median(restoreMs)) : ''}</td><td class="number">${restores > 0 ? formatMs(savedMs) : ''}</td></tr>`
}
