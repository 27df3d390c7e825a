// The thread that is told of each watched call before it is made: it writes it down, and lets it go on.
#define _GNU_SOURCE
#include <errno.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>
#include "addon.h"
#include "call-log.h"
#include "exits.h"
#include "napi.h"
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
  CallLog *log;
  /** -1: not yet there; -2: there will be none. */
  int listener;
  int main, process, thread;
  /** The thread has descriptors of its own: whatever is closed elsewhere, it goes on. */
  bool isApart, isReady;
  pthread_mutex_t lock;
  pthread_cond_t isChanged;
} Supervisor;

static Supervisor supervisor = {.lock = PTHREAD_MUTEX_INITIALIZER, .isChanged = PTHREAD_COND_INITIALIZER};

/** The fields of /proc/pid/stat: the name, the process and its parent. False where it has gone. */
static bool readProcess(int pid, char command[16], int *parent) {
  char path[40], text[256];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  if (length <= 0) return false;
  text[length] = 0;
  // "pid (name) state parent ...", where the name may hold brackets of its own.
  char *name = strchr(text, '('), *end = strrchr(text, ')');
  if (!name || !end || !end[1] || !end[2]) return false;
  *end = 0;
  if (command) snprintf(command, 16, "%.15s", name + 1);
  *parent = atoi(end + 4);
  return true;
}

/** The process that a thread is of. */
static int processOf(int thread) {
  char path[40], text[512];
  snprintf(path, sizeof path, "/proc/%d/status", thread);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  text[length > 0 ? length : 0] = 0;
  char *group = strstr(text, "\nTgid:");
  return group ? atoi(group + 6) : thread;
}

static bool isOwnThread(int thread) {
  char path[40];
  snprintf(path, sizeof path, "/proc/self/task/%d", thread);
  return thread == supervisor.main || access(path, F_OK) == 0;
}

/** Who makes the call, and what it was started by. */
static void identify(LoggedCall *call, int thread) {
  call->isMain = thread == supervisor.main;
  *call->command = 0;
  call->pid = call->root = supervisor.process;
  if (isOwnThread(thread)) return;
  call->pid = call->root = processOf(thread);
  int parent = 0;
  if (!readProcess(call->pid, call->command, &parent)) return;
  for (int steps = 0; parent > 1 && parent != supervisor.process && steps < 32; steps++) {
    call->root = parent;
    if (!readProcess(parent, NULL, &parent)) return;
  }
}

static void note(const struct seccomp_notif *asked) {
  CallLog *log = supervisor.log;
  static LoggedCall call;
  call.number = asked->data.nr;
  call.known = log->known;
  identify(&call, asked->pid);
  uint64_t arguments[6];
  memcpy(arguments, asked->data.args, sizeof arguments);
  if (!readCall(&call, arguments, asked->pid)) return;
  uint32_t place = log->count;
  if (place < MAX_CALLS) log->calls[place] = call;
  __atomic_store_n(&log->count, place + 1, __ATOMIC_RELEASE);
}

/** Without a supervisor every watched call would fail, and the test with it for no reason that anybody could see. */
static void stop(const char *call) {
  dprintf(2, "forkpoint: %s failed in the thread that watches system calls: %s\n", call, strerror(errno));
  _exit(EXIT_UNWATCHED);
}

/** Leaves the descriptors to the process, but for its own and the standard streams: none stays open for longer by it. */
static bool standApart(int listener) {
#ifdef SYS_close_range
  return unshare(CLONE_FILES) == 0 && syscall(SYS_close_range, listener + 1, ~0U, 0) == 0 &&
         syscall(SYS_close_range, 3, listener - 1, 0) == 0;
#else
  return (void)listener, false;
#endif
}

static void *supervise(void *nothing) {
  int thread = syscall(SYS_gettid);
  pthread_mutex_lock(&supervisor.lock);
  while (supervisor.listener == -1) pthread_cond_wait(&supervisor.isChanged, &supervisor.lock);
  supervisor.isApart = supervisor.listener >= 0 && standApart(supervisor.listener);
  supervisor.thread = thread;
  supervisor.isReady = true;
  pthread_cond_signal(&supervisor.isChanged);
  pthread_mutex_unlock(&supervisor.lock);
  if (supervisor.listener < 0) return nothing;
  for (;;) {
    struct seccomp_notif asked = {0};
    if (ioctl(supervisor.listener, SECCOMP_IOCTL_NOTIF_RECV, &asked)) {
      // It has been interrupted, or has ended.
      if (errno == EINTR || errno == ENOENT) continue;
      stop("ioctl(SECCOMP_IOCTL_NOTIF_RECV)");
    }
    note(&asked);
    struct seccomp_notif_resp answer = {.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (ioctl(supervisor.listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) && errno != ENOENT && errno != EINTR)
      stop("ioctl(SECCOMP_IOCTL_NOTIF_SEND)");
  }
}

static void unmapLog(napi_env env, void *log, void *hint) {
  (void)env, (void)hint;
  munmap(log, sizeof(CallLog));
}

napi_value OpenCallLog(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value buffer;
  CallLog *log = mmap(NULL, sizeof *log, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (log == MAP_FAILED) return fail(env, "mmap", errno);
  NAPI(napi_create_external_arraybuffer(env, log, sizeof *log, unmapLog, NULL, &buffer));
  return buffer;
}

napi_value WatchCalls(napi_env env, napi_callback_info info) {
  napi_value values[1];
  void *data;
  size_t length;
  pthread_t thread;
  sigset_t all, before;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_arraybuffer_info(env, values[0], &data, &length));
  if (length < sizeof(CallLog)) return fail(env, "watchCalls", EINVAL);
  supervisor.log = data;
  supervisor.main = syscall(SYS_gettid);
  supervisor.process = getpid();
  supervisor.listener = -1;
  supervisor.isReady = false;
  // The thread is there before the filter, which is so not its own; and no signal is for it.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&thread, NULL, supervise, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) return fail(env, "pthread_create", error);
  int listener = installFilter();
  error = errno;
  pthread_mutex_lock(&supervisor.lock);
  supervisor.listener = listener < 0 ? -2 : listener;
  pthread_cond_signal(&supervisor.isChanged);
  while (!supervisor.isReady) pthread_cond_wait(&supervisor.isChanged, &supervisor.lock);
  pthread_mutex_unlock(&supervisor.lock);
  if (listener < 0) return pthread_join(thread, NULL), fail(env, "seccomp", error);
  if (supervisor.isApart) close(listener);
  pthread_detach(thread);
  return NULL;
}

napi_value IsWatched(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value isWatched;
  NAPI(napi_get_boolean(env, syscall(SYS_tgkill, supervisor.process, supervisor.thread, 0) == 0, &isWatched));
  return isWatched;
}

#else
napi_value IsWatched(napi_env env, napi_callback_info info) { return (void)info, fail(env, "seccomp", ENOSYS); }
napi_value OpenCallLog(napi_env env, napi_callback_info info) { return (void)info, fail(env, "seccomp", ENOSYS); }
napi_value WatchCalls(napi_env env, napi_callback_info info) { return (void)info, fail(env, "seccomp", ENOSYS); }
#endif

napi_value RefuseToWatch(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value code;
  char name[32];
  if (canFilter()) return NULL;
  uv_err_name_r(-errno, name, sizeof name);
  NAPI(napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &code));
  return code;
}
