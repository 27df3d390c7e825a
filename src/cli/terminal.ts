/** Where a command prints, and where it was called. */
export interface Terminal {
  /** What was asked for: whole lines, without the last line break. */
  print(text: string): void
  /** What went wrong: the same, apart from what was asked for. */
  complain(text: string): void
  /** Shows how far a long command has come, in the place of what it showed last; empty: nothing any more. */
  showProgress(text: string): void
  colors: boolean
  /** The folder in which it was called. */
  cwd: string
  env: NodeJS.ProcessEnv
}

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process
  return {
    print: text => void stdout.write(`${text}\n`),
    complain: text => void stderr.write(`${text}\n`),
    // Without a terminal there is nothing to overwrite, and a log would only fill up.
    showProgress: text => stderr.isTTY && void stderr.write(`\r\u001B[K${text}`),
    colors: hasColors(stdout, env),
    cwd: process.cwd(),
    env,
  }
}

/** Whether what goes to a stream may be coloured: not unless a person looks at it, or asks for it. */
export function hasColors({ isTTY }: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return isTTY === true && env.TERM !== 'dumb'
}
