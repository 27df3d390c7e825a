import * as fs from 'node:fs'
import { join } from 'node:path'

/** Numbers that come again with the same seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** What two runs of a call have in common: the root that they work in is left out, and what no two files share. */
export interface Site {
  root: string
  /** Descriptors that the calls have opened. */
  open: number[]
}

export interface RandomCall {
  text: string
  run(site: Site): unknown
}

const NAMES = ['a', 'b', 'c', 'd']
const FLAGS = ['r', 'r+', 'w', 'wx', 'w+', 'wx+', 'a', 'ax', 'a+']
const MODES = [0o644, 0o755, 0o600, 0o777, 0o700]
const TARGETS = ['a', '../a', 'b/c', '../b', 'nowhere', '.', 'link', './d']

/** A tree with files, links of both kinds, and links that lead nowhere or around. */
export function plantTree(root: string): void {
  fs.mkdirSync(join(root, 'a/b'), { recursive: true })
  fs.mkdirSync(join(root, 'c/empty'), { recursive: true })
  fs.mkdirSync(join(root, 'd'))
  fs.writeFileSync(join(root, 'b'), 'content of b')
  fs.writeFileSync(join(root, 'a/a'), Buffer.from([0, 1, 0xff, 0xfe, 4]), { mode: 0o600 })
  fs.writeFileSync(join(root, 'a/b/c'), 'deep')
  fs.writeFileSync(join(root, 'c/d'), 'c and d')
  fs.chmodSync(join(root, 'c/d'), 0o750)
  fs.linkSync(join(root, 'c/d'), join(root, 'd/a'))
  fs.symlinkSync('a/b', join(root, 'd/b'))
  fs.symlinkSync('../b', join(root, 'd/c'))
  fs.symlinkSync('../c/d', join(root, 'a/d'))
  fs.symlinkSync('nowhere', join(root, 'c/c'))
  fs.symlinkSync('link', join(root, 'link'))
  for (const name of ['b', 'a/a', 'a/b', 'c/d', 'c']) fs.utimesSync(join(root, name), 1000, 2000)
}

/** One call with its arguments, the same for every site. */
export function randomCall(random: (below: number) => number): RandomCall {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T
  const path = (): string => {
    const parts = Array.from({ length: 1 + random(3) }, () => (random(12) === 0 ? '..' : pick(NAMES)))
    if (parts[0] === '..') parts[0] = 'a'
    return (
      (parts.length === 3 && parts[1] === '..' && parts[2] === '..' ? 'c' : parts.join('/')) +
      (random(15) === 0 ? '/' : '')
    )
  }
  const text = (): string => 'x'.repeat(random(6)) + pick(NAMES)
  const [p, q] = [path(), path()]
  // Node's releases differ in what `rm` does with other paths.
  const plain = p.replaceAll('..', 'a').replace(/\/$/, '')
  // Which files are copied before one can't be is up to the disk's order.
  const fresh = `${q.replace(/\/$/, '')}/new${random(1e6)}`
  const data = text()
  const mode = pick(MODES)
  const flag = pick(FLAGS)
  const number = random(12)
  const which = random(8)
  const call = (name: string, run: RandomCall['run'], ...shown: unknown[]): RandomCall => ({
    text: `${name}(${shown.join(', ')})`,
    run,
  })
  const at = (site: Site, name: string): string => `${site.root}/${name}`
  const fd = (site: Site): number => site.open[which % Math.max(1, site.open.length)] ?? 999
  const calls: Array<() => RandomCall> = [
    () => call('writeFile', s => fs.writeFileSync(at(s, p), data, { mode }), p, data, mode.toString(8)),
    () => call('writeFile', s => fs.writeFileSync(at(s, p), data, { flag, mode }), p, data, flag),
    () => call('appendFile', s => fs.appendFileSync(at(s, p), data), p, data),
    () => call('readFile', s => fs.readFileSync(at(s, p), 'latin1'), p),
    () => call('truncate', s => fs.truncateSync(at(s, p), number), p, number),
    () => call('unlink', s => fs.unlinkSync(at(s, p)), p),
    () => call('rmdir', s => fs.rmdirSync(at(s, p)), p),
    () =>
      call(
        'rm',
        s => fs.rmSync(at(s, plain), { recursive: number > 3, force: number % 2 === 0 }),
        plain,
        number,
      ),
    () => call('mkdir', s => fs.mkdirSync(at(s, p), mode), p, mode.toString(8)),
    () => call('mkdir -p', s => fs.mkdirSync(at(s, `${p}/${q}`), { recursive: true }), `${p}/${q}`),
    () => call('rename', s => fs.renameSync(at(s, p), at(s, q)), p, q),
    () => call('rename', s => fs.renameSync(at(s, p), at(s, q)), p, q),
    () => call('link', s => fs.linkSync(at(s, p), at(s, q)), p, q),
    () =>
      call(
        'symlink',
        s => fs.symlinkSync(pick(TARGETS.slice(number % 8, (number % 8) + 1)), at(s, p)),
        TARGETS[number % 8],
        p,
      ),
    () => call('symlink', s => fs.symlinkSync(at(s, q), at(s, p)), `ROOT/${q}`, p),
    () => call('readlink', s => fs.readlinkSync(at(s, p)), p),
    () => call('realpath', s => fs.realpathSync(at(s, p)), p),
    () => call('realpath.native', s => fs.realpathSync.native(at(s, p)), p),
    () => call('stat', s => facts(fs.statSync(at(s, p), { bigint: true })), p),
    () => call('lstat', s => facts(fs.lstatSync(at(s, p), { bigint: true })), p),
    () => call('access', s => fs.accessSync(at(s, p), number % 8), p, number % 8),
    () => call('exists', s => fs.existsSync(at(s, p)), p),
    () => call('chmod', s => fs.chmodSync(at(s, p), mode), p, mode.toString(8)),
    () => call('chown', s => fs.lchownSync(at(s, p), 12, 34), p),
    () => call('utimes', s => fs.utimesSync(at(s, p), number, number + 0.25), p, number),
    () => call('lutimes', s => fs.lutimesSync(at(s, p), number, number + 0.25), p, number),
    () =>
      call(
        'copyFile',
        s => isDirectory(at(s, p)) || fs.copyFileSync(at(s, p), at(s, q), number % 2),
        p,
        q,
        number % 2,
      ),
    () =>
      call(
        'cp',
        s =>
          fs.cpSync(at(s, p), at(s, fresh), {
            recursive: number > 2,
            verbatimSymlinks: number % 3 === 0,
            preserveTimestamps: number % 2 === 0,
          }),
        p,
        fresh,
        number,
      ),
    () => call('readdir', s => fs.readdirSync(at(s, p)), p),
    () => call('readdir -r', s => fs.readdirSync(at(s, plain), { recursive: isNarrow(s.root) }), p),
    () =>
      call('readdir typed', s => listTyped(at(s, plain), number % 2 === 0 && isNarrow(s.root)), p, number),
    () => call('open', s => openInto(s, at(s, p), flag, mode), p, flag, mode.toString(8)),
    () => call('open', s => openInto(s, at(s, p), flag, mode), p, flag, mode.toString(8)),
    () => call('read', s => readSome(fd(s), number, which), which, number),
    () => call('write', s => fs.writeSync(fd(s), data, number > 6 ? null : number), which, data, number),
    () => call('ftruncate', s => fs.ftruncateSync(fd(s), number), which, number),
    () => call('fstat', s => facts(fs.fstatSync(fd(s), { bigint: true })), which),
    () => call('fchmod', s => fs.fchmodSync(fd(s), mode), which, mode.toString(8)),
    () => call('futimes', s => fs.futimesSync(fd(s), number, number), which, number),
    () =>
      call(
        'writev',
        s => fs.writevSync(fd(s), [Buffer.from(data), Buffer.from('|')], ...(number > 6 ? [] : [number])),
        which,
        data,
      ),
    () => call('close', s => closeOne(s, which), which),
  ]
  return pick(calls)()
}

function openInto(site: Site, path: string, flag: string, mode: number): void {
  site.open.push(fs.openSync(path, flag, mode))
}

function closeOne(site: Site, which: number): void {
  const [fd] = site.open.splice(which % Math.max(1, site.open.length), 1)
  fs.closeSync(fd ?? 999)
}

function readSome(fd: number, length: number, position: number): string {
  const into = Buffer.alloc(length)
  const count = fs.readSync(fd, into, 0, length, position > 4 ? null : position)
  return `${count}:${into.toString('latin1')}`
}

/** With two links to directories a tree may be endless, for whoever follows them. */
function isNarrow(root: string): boolean {
  let links = 0
  const visit = (path: string): void => {
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name)
      if (entry.isDirectory()) visit(inner)
      else if (entry.isSymbolicLink() && isDirectory(inner)) links++
    }
  }
  visit(root)
  return links < 2
}

function isDirectory(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory()
  } catch {
    return false
  }
}

function listTyped(path: string, recursive: boolean): string[] {
  return fs.readdirSync(path, { withFileTypes: true, recursive }).map(entry => {
    const kind = entry.isFile()
      ? 'file'
      : entry.isDirectory()
        ? 'directory'
        : entry.isSymbolicLink()
          ? 'link'
          : '?'
    return `${join((entry as { parentPath?: string }).parentPath ?? '', entry.name)} ${kind}`
  })
}

/** What must be the same on both sides: not numbers of files, nor when it happened. */
function facts(stats: fs.BigIntStats): Record<string, unknown> {
  const { mode, uid, gid, size, nlink, mtimeNs } = stats
  const isOld = mtimeNs < 1_000_000_000_000_000n
  return {
    mode: mode.toString(8),
    uid,
    gid,
    ...(!stats.isDirectory() && { nlink, size }),
    ...(isOld && { mtimeNs }),
    isStats: stats instanceof fs.Stats,
  }
}

/** Everything below a directory, as it looks from here. */
export function describeTree(root: string): string[] {
  const lines: string[] = []
  const visit = (path: string, shown: string): void => {
    const stats = fs.lstatSync(path, { bigint: true })
    const content = stats.isSymbolicLink()
      ? fs.readlinkSync(path).replaceAll(root, 'ROOT')
      : stats.isFile()
        ? fs.readFileSync(path, 'latin1')
        : ''
    lines.push(
      `${shown} ${JSON.stringify(facts(stats), (_, value) => (typeof value === 'bigint' ? `${value}` : value))} ${content}`,
    )
    if (!stats.isDirectory()) return
    for (const name of fs.readdirSync(path)) visit(join(path, name), join(shown, name))
  }
  visit(root, '.')
  return lines
}
