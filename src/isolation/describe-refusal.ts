import type { Obstacle } from '../engine.ts'
import type { FailedStep } from '../fork/addon.ts'

/** Why the system refuses such a step, and what a user can do about it. */
const REFUSALS: readonly { call: RegExp; code: RegExp; why: string; remedy: string }[] = [
  {
    call: /^unshare$/,
    code: /^(EPERM|ENOSPC|EUSERS)$/,
    why: 'the system does not let this process have namespaces of its own',
    remedy:
      'run as root, or allow user namespaces (`user.max_user_namespaces`; in a container `--cap-add SYS_ADMIN` or another seccomp profile)',
  },
  {
    call: /^write$/,
    code: /./,
    why: 'the system lets nobody but root use a user namespace',
    remedy: 'run as root, or allow it (`kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu)',
  },
  {
    call: /^mount/,
    code: /^(EPERM|EACCES)$/,
    why: 'the system does not let this process mount anything',
    remedy: 'run as root, or with another profile of AppArmor or seccomp',
  },
  {
    call: /^mount of an overlay$/,
    code: /^(EINVAL|ENODEV|ELOOP)$/,
    why: "the system can't mount an overlay over this file system",
    remedy:
      'it takes Linux 5.11 (6.6 without root) with overlayfs, and a disk that is no overlay of an overlay',
  },
  {
    call: /^seccomp$/,
    code: /^EBUSY$/,
    why: 'another program watches the system calls of this process',
    remedy: 'run outside of it',
  },
  {
    call: /^seccomp$/,
    code: /./,
    why: 'the system does not let a process watch its own system calls',
    remedy: 'it takes Linux 5.5 on x64 or arm64, and in a container a seccomp profile that allows it',
  },
  {
    call: /./,
    code: /^ENOSYS$/,
    why: 'the system has no namespaces',
    remedy: 'run on Linux',
  },
]

/** `mount /tmp: EPERM` */
export function describeStep([call, code, path]: FailedStep): string {
  return `${call}${path === '' ? '' : ` ${path}`}: ${code}`
}

/** @param option as the user has written it */
export function describeRefusal(step: FailedStep, option: string): Obstacle {
  const [call, code] = step
  const known = REFUSALS.find(row => row.call.test(call) && row.code.test(code))
  const why = known?.why ?? 'the system refused a step'
  return {
    why: `\`${option}\` can't be had here, ${why} (${describeStep(step)})`,
    remedy: known?.remedy ?? `remove \`${option}\``,
  }
}
