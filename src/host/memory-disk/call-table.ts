import * as attributes from './calls-on-attributes.ts'
import * as directories from './calls-on-directories.ts'
import * as files from './calls-on-files.ts'
import { cp } from './copy-tree.ts'
import { rm } from './remove-tree.ts'
import type { VirtualCall } from './virtual-call.ts'

export interface CallRow {
  call: VirtualCall
  /** It changes nothing: where both layers agree it does not matter who asks. */
  isReading?: true
  /** What the callback is given after the error; without it, the result if there is one. */
  toCallback?: (result: unknown, args: readonly unknown[]) => unknown[]
}

const withTarget = (count: unknown, [, target]: readonly unknown[]): unknown[] => [count, target]

/** Every function of `node:fs` that comes in three forms, by the name of the one with a callback. */
export const CALL_TABLE: Readonly<Record<string, CallRow>> = {
  access: { call: attributes.access, isReading: true },
  appendFile: { call: files.appendFile },
  chmod: { call: attributes.chmod },
  chown: { call: attributes.chown },
  close: { call: files.close },
  copyFile: { call: files.copyFile },
  cp: { call: cp },
  exists: { call: attributes.exists, isReading: true },
  fchmod: { call: attributes.fchmod },
  fchown: { call: attributes.fchown },
  fdatasync: { call: files.fsync },
  fstat: { call: attributes.fstat, isReading: true },
  fsync: { call: files.fsync },
  ftruncate: { call: files.ftruncate },
  futimes: { call: attributes.futimes },
  lchmod: { call: attributes.lchmod },
  lchown: { call: attributes.lchown },
  link: { call: directories.link },
  lstat: { call: attributes.lstat, isReading: true },
  lutimes: { call: attributes.lutimes },
  mkdir: { call: directories.mkdir },
  mkdtemp: { call: directories.mkdtemp },
  open: { call: files.open },
  opendir: { call: directories.opendir, isReading: true },
  read: { call: files.read, toCallback: withTarget },
  readdir: { call: directories.readdir, isReading: true },
  readFile: { call: files.readFile },
  readlink: { call: directories.readlink, isReading: true },
  readv: { call: files.readv, toCallback: withTarget },
  realpath: { call: attributes.realpath, isReading: true },
  rename: { call: directories.rename },
  rm: { call: rm },
  rmdir: { call: directories.rmdir },
  stat: { call: attributes.stat, isReading: true },
  statfs: { call: attributes.statfs, isReading: true },
  symlink: { call: directories.symlink },
  truncate: { call: files.truncate },
  unlink: { call: directories.unlink },
  utimes: { call: attributes.utimes },
  write: { call: files.write, toCallback: withTarget },
  writeFile: { call: files.writeFile },
  writev: { call: files.writev, toCallback: withTarget },
}
