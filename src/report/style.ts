/** Marks up text for a terminal. By hand: `util.styleText` looks at this process's own terminal and drops the colours on its own. */
export interface Style {
  dim(text: string): string
  bold(text: string): string
  green(text: string): string
  yellow(text: string): string
}

const wrap = (open: number, close: number) => (text: string) => `\u001B[${open}m${text}\u001B[${close}m`
const plain = (text: string): string => text

export function createStyle(colors: boolean): Style {
  if (!colors) return { dim: plain, bold: plain, green: plain, yellow: plain }
  return { dim: wrap(2, 22), bold: wrap(1, 22), green: wrap(32, 39), yellow: wrap(33, 39) }
}
