import { accessSync, constants, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { resolve, sep } from 'node:path'
import type { IsolationOptions } from '../engine.ts'
import { listSockets } from './list-sockets.ts'
import { type Mount, readMounts } from './read-mounts.ts'
import { realPath } from './real-path.ts'

/** As they were before user code. */
const access = accessSync
const stat = statSync

/** How a branch gets parts of the system to itself; see `Addon.isolate`. */
export interface IsolationPlan {
  asUser: boolean
  network: boolean
  at: string
  overlays: readonly string[]
  binds: readonly string[]
}

/** File systems that are windows on the kernel, or devices. */
const OF_THE_KERNEL =
  /^(proc|sysfs|devtmpfs|devpts|cgroup2?|mqueue|debugfs|tracefs|securityfs|pstore|bpf|configfs|fusectl|hugetlbfs|binfmt_misc|efivarfs|autofs|rpc_pipefs|nsfs|selinuxfs)$/

/** Where the system keeps devices, itself, and what running services are spoken to by. */
const OF_THE_SYSTEM: readonly string[] = ['/dev', '/proc', '/run', '/sys']

/** With the privileges of the system: its whole disk, but for what is none. */
export function planWholeDisk({ files, network, shared }: IsolationOptions): IsolationPlan {
  const overlays: string[] = []
  const binds: string[] = []
  if (files) {
    overlays.push('/')
    for (const { path, type, isReadOnly } of readMounts()) {
      if (path === '/' || isWithin(path, binds)) continue
      const isDisk =
        !OF_THE_KERNEL.test(type) && !isWithin(path, OF_THE_SYSTEM) && !isReadOnly && isFolder(path)
      if (isDisk) overlays.push(path)
      else binds.push(path)
    }
    binds.push(...existing([...OF_THE_SYSTEM, ...shared, ...listSockets()], binds))
  }
  return { asUser: false, network, at: realPath(tmpdir()), overlays, binds }
}

/** Without: the folders that a test may well write to. The project's is one of them, or there is no sense in it. */
export function planFolders({ root, files, network, shared }: IsolationOptions): IsolationPlan {
  const mounts = readMounts()
  const project = realPath(root)
  const wanted = [...new Set([project, realPath(tmpdir()), realPath(homedir())])]
  const overlays = files
    ? wanted.filter(folder => folder === project || canBeCovered(folder, mounts)).sort()
    : []
  const binds = files
    ? existing([...shared, ...listSockets()], []).filter(path => isWithin(path, overlays))
    : []
  return { asUser: true, network, at: overlays[0] ?? project, overlays, binds }
}

/** A mount below it can't be kept in its place without privileges. */
function canBeCovered(folder: string, mounts: readonly Mount[]): boolean {
  if (folder === '/' || mounts.some(({ path }) => path.startsWith(folder + sep))) return false
  try {
    access(folder, constants.W_OK | constants.X_OK)
    return stat(folder).isDirectory()
  } catch {
    return false
  }
}

/** Whether changes of the file are the branch's own. */
export function isCovered(path: string, { overlays, binds }: IsolationPlan): boolean {
  return isWithin(path, overlays) && !isWithin(path, binds)
}

export function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some(
    folder => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep),
  )
}

function existing(paths: readonly string[], but: readonly string[]): string[] {
  const found: string[] = []
  for (const path of paths) {
    const real = realPath(resolve(path))
    if (real !== '/' && !isWithin(real, but) && !isWithin(real, found) && isThere(real)) found.push(real)
  }
  return found
}

function isFolder(path: string): boolean {
  try {
    return stat(path).isDirectory()
  } catch {
    return false
  }
}

function isThere(path: string): boolean {
  try {
    return Boolean(stat(path))
  } catch {
    return false
  }
}
