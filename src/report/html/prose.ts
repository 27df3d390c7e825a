import { html, type Markup } from './markup.ts'

/** Sentences with code between backticks, as they are written for terminals. */
export function prose(text: string): Markup {
  return html`${text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
