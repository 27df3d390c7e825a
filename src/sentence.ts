/** The text with exactly one full stop at its end, so that it can be put next to another sentence. */
export function sentence(text: string): string {
  return `${text.replace(/[.\s]+$/, '')}.`
}
