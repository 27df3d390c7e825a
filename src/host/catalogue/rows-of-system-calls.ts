import type { CatalogueRow } from './nature.ts'

/** System calls that are watched with the option `syscalls`: those of native code, and of programs that a test starts. */
export const ROWS_OF_SYSTEM_CALLS: readonly CatalogueRow[] = [
  {
    calls: /^syscall:(open|openat|creat|truncate)$/,
    nature: 'unsafe',
    effect: 'fs.write',
    depends: 'a file that is only read, or is as before when the test ends: safe',
  },
  { calls: /^syscall:(mkdir|link|symlink|mknod)(at)?$/, nature: 'unsafe', effect: 'fs.create' },
  { calls: /^syscall:(unlink|unlinkat|rmdir)$/, nature: 'unsafe', effect: 'fs.delete' },
  { calls: /^syscall:(rename|renameat|renameat2)$/, nature: 'unsafe', effect: 'fs.rename' },
  {
    calls: /^syscall:(f?chmod(at2?)?|l?chown|fchownat|utimes?|utimensat|futimesat|l?setxattr|removexattr)$/,
    nature: 'unsafe',
    effect: 'fs.meta',
  },
  {
    calls: /^syscall:connect$/,
    nature: 'unsafe',
    effect: 'net.connect',
    depends: 'to what the test itself has started: safe',
  },
  {
    calls: /^syscall:listen$/,
    nature: 'safe',
    effect: 'net.listen',
    why: 'it ends with the process',
  },
  {
    calls: /^syscall:sendto$/,
    nature: 'unsafe',
    effect: 'net.send',
    depends: 'questions to a name server: safe',
  },
  { calls: /^syscall:(execve|execveat)$/, nature: 'unsafe', effect: 'process.spawn' },
  {
    calls: /^syscall:(kill|ptrace)$/,
    nature: 'unsafe',
    effect: 'process.signal',
    depends: 'to a process that the test has started: safe',
  },
  { calls: /^syscall:(mount|umount2)$/, nature: 'unsafe', effect: 'fs.meta' },
]
