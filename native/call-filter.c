// Which system calls are watched: those that change something outside the process, and never those that read.
#define _GNU_SOURCE
#include <errno.h>
#include "call-log.h"
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, __u64)
#endif
enum { SYNC_WAKE_UP = 1, FIRST_KEPT = 200, FCHMODAT2 = 452 };

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const int WATCHED[] = {
#ifdef __x86_64__
    SYS_unlink,  SYS_rename, SYS_mkdir, SYS_rmdir, SYS_link,    SYS_symlink,   SYS_chmod,
    SYS_chown,   SYS_lchown, SYS_utime, SYS_utimes, SYS_mknod,  SYS_creat,     SYS_futimesat, SYS_renameat,
#endif
    SYS_unlinkat, SYS_renameat2, SYS_mkdirat,  SYS_linkat,   SYS_symlinkat, SYS_fchmodat, FCHMODAT2,
    SYS_fchownat, SYS_utimensat, SYS_mknodat,  SYS_truncate, SYS_setxattr,  SYS_lsetxattr, SYS_removexattr,
    SYS_connect,  SYS_listen,    SYS_execve,    SYS_execveat, SYS_mount,    SYS_umount2,   SYS_ptrace};

/** Calls that are watched with certain bits in an argument only, or with one that is not 0. */
static const struct {
  int number, argument;
  uint32_t bits;
} PARTLY[] = {
#ifdef __x86_64__
    {SYS_open, 1, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC},
#endif
    {SYS_openat, 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC},
    // To an address, and not over a connection; and a signal that is one.
    {SYS_sendto, 4, ~0U},
    {SYS_kill, 1, ~0U},
};

#define COUNT(list) (sizeof list / sizeof *list)
#define LOAD(field) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(what) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, what)
#define UNLESS(value, skip) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)

enum { LENGTH = 8 + 2 * COUNT(WATCHED) + 5 * COUNT(PARTLY) };

static unsigned short writeFilter(struct sock_filter *at) {
  struct sock_filter *start = at;
  *at++ = LOAD(arch);
  *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
  *at++ = RETURN(SECCOMP_RET_ALLOW);
  *at++ = LOAD(nr);
  // Its operations would go past any filter. Whoever asks for it does without where the kernel is old.
  *at++ = UNLESS(SYS_io_uring_setup, 1);
  *at++ = RETURN(SECCOMP_RET_ERRNO | ENOSYS);
  for (size_t i = 0; i < COUNT(PARTLY); i++) {
    *at++ = UNLESS(PARTLY[i].number, 4);
    *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                         offsetof(struct seccomp_data, args) + 8 * PARTLY[i].argument);
    *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PARTLY[i].bits, 0, 1);
    *at++ = RETURN(SECCOMP_RET_USER_NOTIF);
    *at++ = RETURN(SECCOMP_RET_ALLOW);
  }
  for (size_t i = 0; i < COUNT(WATCHED); i++) {
    *at++ = UNLESS(WATCHED[i], 1);
    *at++ = RETURN(SECCOMP_RET_USER_NOTIF);
  }
  *at++ = RETURN(SECCOMP_RET_ALLOW);
  return at - start;
}

static int load(unsigned long flags) {
  struct sock_filter filter[LENGTH];
  struct sock_fprog program = {writeFilter(filter), filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program);
}

int installFilter(void) {
  int fd = load(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  // Programs that change the user would have more privileges than who filters their calls: not allowed without any.
  if (fd < 0 && errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    fd = load(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  // Before Linux 5.19.
  if (fd < 0 && errno == EINVAL) fd = load(0);
  if (fd < 0) return -1;
  // The supervisor is woken on the same processor. Refused before Linux 6.6: it only takes longer then.
  ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP);
  int kept = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_KEPT), error = errno;
  close(fd);
  errno = error;
  return kept;
}

bool canFilter(void) {
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) _exit(installFilter() < 0 ? errno : 0);
  if (pid < 0) return false;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
  return errno == 0;
}

#else
int installFilter(void) { return errno = ENOSYS, -1; }
bool canFilter(void) { return errno = ENOSYS, false; }
#endif
