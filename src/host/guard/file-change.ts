/** What a call of `node:fs` is about to do to the disk. */
export type FileChange =
  /** To the file that the path leads to. `anew`: whatever was in it is replaced; `appending`: it stays, and has more after it. */
  | { kind: 'write'; path: string; how: 'anew' | 'appending' | 'within' }
  /** To the file that the path leads to; when that fails, the system may have removed what stands at the path. */
  | { kind: 'replace'; path: string }
  | { kind: 'attributes'; path: string; isOfLink: boolean }
  /** A name comes to be: of a symbolic link. */
  | { kind: 'make'; path: string }
  /** One more name for a file: what is written under it is written to the file. */
  | { kind: 'link'; from: string; to: string }
  | { kind: 'folder'; path: string; isRecursive: boolean }
  | { kind: 'temporary' }
  | { kind: 'remove'; path: string; isTree: boolean }
  | { kind: 'move'; from: string; to: string }
  | { kind: 'copy'; from: string; to: string }

export function resourceOf(change: FileChange): string {
  switch (change.kind) {
    case 'temporary':
      return ''
    case 'move':
    case 'link':
      return `${change.from} -> ${change.to}`
    case 'copy':
      return change.to
    default:
      return change.path
  }
}
