// Ends one thread of another process, whose number it reads, without a word to that: makes it call exit(2). Says how that went.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

/** NULL, or the call that failed. */
static const char *endThread(int thread) {
#ifdef __x86_64__
  struct user_regs_struct registers;
  int status;
  if (ptrace(PTRACE_SEIZE, thread, NULL, NULL)) return "ptrace(PTRACE_SEIZE)";
  if (ptrace(PTRACE_INTERRUPT, thread, NULL, NULL)) return "ptrace(PTRACE_INTERRUPT)";
  if (waitpid(thread, &status, __WALL) < 0) return "waitpid";
  if (ptrace(PTRACE_GETREGS, thread, NULL, &registers)) return "ptrace(PTRACE_GETREGS)";
  // It waits in a system call, whose instruction of two bytes is made once more: for another one.
  registers.rip -= 2;
  registers.rax = SYS_exit;
  registers.rdi = 0;
  registers.orig_rax = -1;
  if (ptrace(PTRACE_SETREGS, thread, NULL, &registers)) return "ptrace(PTRACE_SETREGS)";
  if (ptrace(PTRACE_CONT, thread, NULL, NULL)) return "ptrace(PTRACE_CONT)";
  waitpid(thread, &status, __WALL);
  return NULL;
#else
  return (void)thread, errno = ENOSYS, "ptrace";
#endif
}

int main(void) {
  int thread = 0;
  if (scanf("%d", &thread) != 1) return 1;
  const char *failed = endThread(thread);
  if (failed) printf("%s: %s\n", failed, strerror(errno));
  else printf("ended\n");
  return 0;
}
