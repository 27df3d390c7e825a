// The system calls behind the fork engine. No policy: every choice (may we fork(2) now, what a status means, when a
// deadline is over the top) is made in src/fork; the contract of each export stands in src/fork/addon.ts.
// Written for Linux. macOS compiles, without what it lacks: the parent-death signal (an orphan ends at its next write to
// the result pipe), the thread list, condition-variable repair, collapse(), which there do nothing, and the list of
// descriptors: there a file's offset and a connection are shared with the child.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <node_api.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

enum {
  MAX_DESCRIPTORS = 64,
  MAX_THREADS = 256,
  EXIT_LOST = 97,
  EXIT_BROKEN = 98,
  EXIT_ORPHAN = 99,
  SLICE_MS = 250
};

typedef struct {
  uint32_t count;
  int fds[MAX_DESCRIPTORS];
} Descriptors;

/** `error` is an errno or, from libuv, the same number negated. */
static napi_value fail(napi_env env, const char *call, int error) {
  char code[32] = "ECHILD", message[256];
  // ECHILD is the one errno used here that libuv has no name for.
  if (error != ECHILD) uv_err_name_r(-abs(error), code, sizeof code);
  snprintf(message, sizeof message, "%s failed: %s, %s", call, code, strerror(abs(error)));
  napi_throw_error(env, code, message);
  return NULL;
}

static napi_value failNapi(napi_env env, const char *call) {
  const napi_extended_error_info *info = NULL;
  bool pending = false;
  napi_get_last_error_info(env, &info);
  char message[256];
  snprintf(message, sizeof message, "%s: %s", call, info && info->error_message ? info->error_message : "failed");
  if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) napi_throw_error(env, NULL, message);
  return NULL;
}

#define NAPI(call)                                                                                                     \
  if ((call) != napi_ok) return failNapi(env, #call)

static bool readArguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *values) {
  size_t count = wanted;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) == napi_ok && count >= wanted) return true;
  napi_throw_type_error(env, NULL, "too few arguments");
  return false;
}

static napi_value listNumbers(napi_env env, int count, const double *numbers) {
  napi_value list, value;
  NAPI(napi_create_array_with_length(env, count, &list));
  for (int i = 0; i < count; i++) {
    NAPI(napi_create_double(env, numbers[i], &value));
    NAPI(napi_set_element(env, list, i, value));
  }
  return list;
}

static double nowMs(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/** A child that can't be set up must not go on as a half-made one, nor return an error its parent's code would handle. */
static void dieBroken(const char *call, int error) {
  dprintf(2, "forkpoint: %s failed in a child: %s\n", call, strerror(abs(error)));
  _exit(EXIT_BROKEN);
}

#ifdef __linux__

// ---- Memory map ------------------------------------------------------------------------------------------------------

static char *mapText;
static size_t mapCapacity;

/** Reads /proc/self/maps whole. mmap and not malloc: the heap's mappings must not move while they are listed. */
static const char *readMap(void) {
  for (size_t capacity = mapCapacity ? mapCapacity : 4 << 20;; capacity *= 2) {
    if (capacity != mapCapacity) {
      if (mapText) munmap(mapText, mapCapacity);
      mapCapacity = 0;
      mapText = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (mapText == MAP_FAILED) return mapText = NULL, "mmap";
      mapCapacity = capacity;
    }
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return "open /proc/self/maps";
    size_t length = 0;
    ssize_t got;
    while (length < capacity - 1 && (got = read(fd, mapText + length, capacity - 1 - length)) != 0) {
      if (got > 0) length += got;
      else if (errno != EINTR) return close(fd), "read /proc/self/maps";
    }
    close(fd);
    mapText[length] = 0;
    if (length < capacity - 1) return NULL;
  }
}

typedef struct {
  unsigned long start, end;
  bool writable;
} Mapping;

/** The next private anonymous mapping from *cursor on. A line reads "start-end rw-p offset device inode   [name]". */
static bool nextAnonymous(char **cursor, Mapping *mapping) {
  for (char *line = *cursor, *end; (end = strchr(line, '\n')); line = end + 1) {
    *cursor = end + 1;
    *end = 0;
    char *at;
    mapping->start = strtoul(line, &at, 16);
    mapping->end = strtoul(at + 1, &at, 16);
    const char *permissions = at + 1;
    const char *device = strchr(permissions + 5, ' ') + 1;
    unsigned long inode = strtoul(strchr(device, ' ') + 1, &at, 10);
    const char *name = at + strspn(at, " ");
    mapping->writable = permissions[1] == 'w';
    // A bracketed name is the kernel's own ([stack], [vdso]), except for memory that its owner has given a name.
    bool own = *name != '[' || strncmp(name, "[anon:", 6) == 0;
    if (inode == 0 && permissions[3] == 'p' && own) return true;
  }
  return false;
}

/**
 * V8 marks its pages MADV_DONTFORK, and a child without them crashes at once. Undone for all private anonymous memory;
 * from here to fork(2) nothing may allocate on V8's heap, because a page added later would be marked again.
 */
static const char *keepMemoryInChild(void) {
  const char *failed = readMap();
  if (failed) return failed;
  Mapping range = {0, 0, false}, next;
  for (char *cursor = mapText;;) {
    bool more = nextAnonymous(&cursor, &next);
    if (more && next.start == range.end) {
      range.end = next.end;
      continue;
    }
    // ENOMEM: a part is gone since it was listed (another thread unmapped it); the advice still reached the rest.
    if (range.end && madvise((void *)range.start, range.end - range.start, MADV_DOFORK) && errno != ENOMEM)
      return "madvise(MADV_DOFORK)";
    if (!more) return NULL;
    range = next;
  }
}

// ---- Condition variables ---------------------------------------------------------------------------------------------
// Threads that wait on a condition variable do not exist in the child but stay counted there, and before glibc 2.41
// pthread_cond_signal waits for them for ever. V8's garbage collector signals its dead workers.

#ifdef __GLIBC__
typedef struct {
  unsigned int unused[4], groupReferences[2], groupSizes[2], originalSize, waiters, groupSignals[2];
} Condvar;

static Condvar *condvars[64];
static int condvarCount;

static bool hasCondvarTrap(void) {
  int major = 0, minor = 0;
  return sscanf(gnu_get_libc_version(), "%d.%d", &major, &minor) == 2 && major == 2 && minor < 41;
}

/** Copies from an address that may be unmapped: the pipe refuses it where a plain read would crash. */
static bool copyGuarded(const int probe[2], const void *from, void *to, size_t size) {
  ssize_t written = write(probe[1], from, size);
  return written > 0 && read(probe[0], to, written) == (ssize_t)size;
}

/** The futex words that other threads sleep on. Returns their number, or -1 while some thread is running. */
static int listSleepers(unsigned long *futexes) {
  int count = 0;
  bool running = false;
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return 0;
  for (struct dirent *task; (task = readdir(tasks)) && count < MAX_THREADS;) {
    char path[300], text[256];
    int tid = atoi(task->d_name);
    if (tid <= 0 || tid == syscall(SYS_gettid)) continue;
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0) continue;
    text[length] = 0;
    long number;
    if (text[0] < '0' || text[0] > '9') running = true;
    else if (sscanf(text, "%ld %lx", &number, &futexes[count]) == 2 && number == SYS_futex) count++;
  }
  closedir(tasks);
  return running ? -1 : count;
}

/** Finds the condition variables with waiters. A candidate counts only when its own figures equal what was seen. */
static void findCondvars(const int probe[2]) {
  condvarCount = 0;
  if (!hasCondvarTrap()) return;
  static unsigned long futexes[MAX_THREADS];
  const struct timespec pause = {0, 250000};
  int count = listSleepers(futexes);
  for (int tries = 0; count < 0 && tries < 400; tries++) {
    nanosleep(&pause, NULL);
    count = listSleepers(futexes);
  }
  for (int i = 0; i < count; i++) {
    // Waiters of the two groups sleep on groupSignals[0] and [1], at 40 and 44 bytes from an address divisible by 8.
    unsigned long base = futexes[i] - (futexes[i] % 8 ? 44 : 40);
    unsigned int seen[2] = {0, 0};
    bool known = false;
    for (int k = 0; k < condvarCount; k++) known |= condvars[k] == (Condvar *)base;
    for (int k = 0; k < count; k++) {
      if (futexes[k] == base + 40) seen[0]++;
      if (futexes[k] == base + 44) seen[1]++;
    }
    Condvar state;
    if (known || condvarCount == 64 || !copyGuarded(probe, (void *)base, &state, sizeof state)) continue;
    if (state.waiters >> 3 == seen[0] + seen[1] && state.groupReferences[0] >> 1 == seen[0] &&
        state.groupReferences[1] >> 1 == seen[1])
      condvars[condvarCount++] = (Condvar *)base;
  }
}

/** In the child: no waiters any more; the low bits of `waiters` say how the variable was initialised and stay. */
static void resetCondvars(void) {
  for (int i = 0; i < condvarCount; i++) {
    unsigned int flags = condvars[i]->waiters & 7;
    memset(condvars[i], 0, sizeof(Condvar));
    condvars[i]->waiters = flags;
  }
}

#else
static void findCondvars(const int probe[2]) { (void)probe; }
static void resetCondvars(void) {}
#endif

// ---- V8's workers ----------------------------------------------------------------------------------------------------
// V8 hands parts of its work to worker threads, some whatever the start flags: of a collection on Node 20 and 26, and of
// WebAssembly that gets hot. In a child none takes them, and who waits for their end, as Node does when the loop of a
// worker_thread is empty, waits for ever. So V8 is told there that it has no workers, and nobody waits for them: these are
// virtual methods, whose places in the table of methods get other functions. Methods are known by their names in Node's
// binary; in one without these names nothing is done.

static void (*flushForegroundTasks)(void *platform, void *isolate);

static int noWorkers(void *platform) {
  (void)platform;
  return 0;
}

/** Node's own does this until no task is left, after it has waited for the workers. */
static void drainForegroundTasks(void *platform, void *isolate) {
  for (int i = 0; i < 3; i++) flushForegroundTasks(platform, isolate);
}

static void replaceMethod(int memory, const char *name, void (*replacement)(void)) {
  enum { MAX_METHODS = 32 };
  void *method = dlsym(RTLD_DEFAULT, name);
  void **methods = dlsym(RTLD_DEFAULT, "_ZTVN4node12NodePlatformE");
  int place = 0;
  if (!method || !methods) return;
  while (place < MAX_METHODS && methods[place] != method) place++;
  if (place == MAX_METHODS) return;
  if (pwrite(memory, &replacement, sizeof replacement, (off_t)(size_t)(methods + place)) < 0) errno = 0;
}

static void hideWorkers(void) {
  void *flush = dlsym(RTLD_DEFAULT, "_ZN4node12NodePlatform20FlushForegroundTasksEPN2v87IsolateE");
  // The table is write-protected, and maybe on a page with code: the kernel writes to this process's copy all the same.
  int memory = open("/proc/self/mem", O_WRONLY | O_CLOEXEC);
  if (memory < 0) return;
  replaceMethod(memory, "_ZN4node12NodePlatform21NumberOfWorkerThreadsEv", (void (*)(void))noWorkers);
  memcpy(&flushForegroundTasks, &flush, sizeof flush);
  if (flush)
    replaceMethod(memory, "_ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE", (void (*)(void))drainForegroundTasks);
  close(memory);
}

// ---- Descriptors -----------------------------------------------------------------------------------------------------
// What stands behind a descriptor is shared with the child: the offset of a file, the two ends of a connection within
// this process, the queue of a listening socket. Listed before fork(2), so that each child gets its own of the first two.

typedef struct {
  int fd, flags;
  ino_t inode;
  off_t offset;
  bool isLocked;
} OpenFile;

typedef struct {
  int fd;
  ino_t inode;
  struct sockaddr_storage local, remote;
  bool isEstablished;
  /** The other end, if this process has that too; else -1. */
  int other;
} Connection;

/** This process's /proc/self/fd from the list to fork(2): in the child a path through its own would be new to the kernel. */
static int descriptorFolder = -1;
static OpenFile *files;
static Connection *connections;
static int *listeners;
static size_t fileCount, connectionCount, listenerCount;

/** Room for one more item, zeroed; NULL without memory. Grows by doubling: a count that is a power of two is full. */
static void *addItem(void **items, size_t *count, size_t size) {
  if ((*count & (*count - 1)) == 0) {
    void *grown = realloc(*items, (*count ? *count * 2 : 1) * size);
    if (!grown) return NULL;
    *items = grown;
  }
  return memset((char *)*items + (*count)++ * size, 0, size);
}

static bool addFile(int fd, ino_t inode) {
  int flags = fcntl(fd, F_GETFL);
  off_t offset = lseek(fd, 0, SEEK_CUR);
  if (flags < 0 || flags & O_PATH || offset < 0) return true;
  OpenFile *file = addItem((void **)&files, &fileCount, sizeof *file);
  if (file) *file = (OpenFile){fd, flags, inode, offset, false};
  return file;
}

static bool addSocket(int fd, ino_t inode) {
  int type = 0, isListening = 0;
  socklen_t size = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) || type != SOCK_STREAM) return true;
  getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size);
  if (isListening) {
    int *listener = addItem((void **)&listeners, &listenerCount, sizeof *listener);
    if (listener) *listener = fd;
    return listener;
  }
  Connection found = {.fd = fd, .inode = inode, .other = -1};
  socklen_t localSize = sizeof found.local, remoteSize = sizeof found.remote;
  if (getpeername(fd, (struct sockaddr *)&found.remote, &remoteSize)) return true;
  getsockname(fd, (struct sockaddr *)&found.local, &localSize);
  struct tcp_info info;
  size = sizeof info;
  // What is not TCP has no such state, and no half-open one either.
  bool isTcp = getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
  found.isEstablished = !isTcp || info.tcpi_state == TCP_ESTABLISHED;
  Connection *connection = addItem((void **)&connections, &connectionCount, sizeof *connection);
  if (connection) *connection = found;
  return connection;
}

/** A lock of the flock(2) kind belongs to what the descriptor stands for: a file opened again would not have it. */
static void findLocks(void) {
  FILE *list = fileCount ? fopen("/proc/locks", "re") : NULL;
  if (!list) return;
  char line[256], kind[16];
  unsigned long inode;
  while (fgets(line, sizeof line, list)) {
    // "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF"
    if (sscanf(line, "%*d: %15s %*s %*s %*d %*x:%*x:%lu", kind, &inode) != 2 || strcmp(kind, "POSIX") == 0) continue;
    for (size_t i = 0; i < fileCount; i++) files[i].isLocked |= files[i].inode == inode;
  }
  fclose(list);
}

/** An address of IPv4 reads the same in a socket of IPv6. */
static bool readInternet(const struct sockaddr_storage *address, struct in6_addr *ip, in_port_t *port) {
  if (address->ss_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const void *)address;
    *ip = six->sin6_addr;
    *port = six->sin6_port;
    return true;
  }
  if (address->ss_family != AF_INET) return false;
  const struct sockaddr_in *four = (const void *)address;
  *ip = (struct in6_addr){.s6_addr = {[10] = 255, [11] = 255}};
  memcpy(ip->s6_addr + 12, &four->sin_addr, 4);
  *port = four->sin_port;
  return true;
}

static bool isSameAddress(const struct sockaddr_storage *a, const struct sockaddr_storage *b) {
  struct in6_addr ips[2];
  in_port_t ports[2];
  return readInternet(a, &ips[0], &ports[0]) && readInternet(b, &ips[1], &ports[1]) && ports[0] == ports[1] &&
         memcmp(&ips[0], &ips[1], sizeof ips[0]) == 0;
}

static void pairConnections(void) {
  for (size_t i = 0; i < connectionCount; i++)
    for (size_t j = i + 1; j < connectionCount; j++)
      if (isSameAddress(&connections[i].local, &connections[j].remote) &&
          isSameAddress(&connections[i].remote, &connections[j].local))
        connections[i].other = j, connections[j].other = i;
}

static void closeDescriptorFolder(void) {
  if (descriptorFolder >= 0) close(descriptorFolder);
  descriptorFolder = -1;
}

/** Without the standard streams: all processes of a family write to one place. Leaves `descriptorFolder` open where there are files. */
static const char *listDescriptors(void) {
  fileCount = connectionCount = listenerCount = 0;
  // Not opendir: after fork(2) each page of memory that is touched is copied, and this is called then.
  static _Alignas(8) char entries[4096];
  descriptorFolder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptorFolder < 0) return errno == ENOENT ? NULL : "open /proc/self/fd";
  bool isAdded = true;
  for (long length; (length = syscall(SYS_getdents64, descriptorFolder, entries, sizeof entries)) > 0;) {
    for (long at = 0; isAdded && at < length;) {
      const struct dirent64 *entry = (void *)(entries + at);
      at += entry->d_reclen;
      int fd = atoi(entry->d_name);
      struct stat status;
      if (fd <= STDERR_FILENO || fd == descriptorFolder || fstat(fd, &status)) continue;
      if (S_ISREG(status.st_mode)) isAdded = addFile(fd, status.st_ino);
      if (S_ISSOCK(status.st_mode)) isAdded = addSocket(fd, status.st_ino);
    }
  }
  if (!isAdded) return errno = ENOMEM, "realloc";
  findLocks();
  pairConnections();
  // What is closed before fork(2) touches no memory after it, which would be copied.
  if (fileCount == 0) closeDescriptorFolder();
  return NULL;
}

/** In the child: `own` in place of what `fd` stood for. */
static void replace(int fd, int own) {
  int isClosed = fcntl(fd, F_GETFD);
  if (isClosed < 0 || dup3(own, fd, isClosed & FD_CLOEXEC ? O_CLOEXEC : 0) < 0) dieBroken("dup3", errno);
  close(own);
}

/** In the child: offsets of its own, by opening each file again. */
static void separateFiles(void) {
  const int kept = O_ACCMODE | O_APPEND | O_NONBLOCK | O_DSYNC | O_SYNC | O_DIRECT | O_NOATIME;
  for (size_t i = 0; i < fileCount; i++) {
    char name[16];
    snprintf(name, sizeof name, "%d", files[i].fd);
    int own = files[i].isLocked ? -1 : openat(descriptorFolder, name, (files[i].flags & kept) | O_CLOEXEC);
    // Refused where the file's mode or owner have changed since. Then the parent puts the offset back.
    if (own < 0) continue;
    if (files[i].offset && lseek(own, files[i].offset, SEEK_SET) < 0) dieBroken("lseek", errno);
    replace(files[i].fd, own);
  }
}

/** In the parent: the offsets that a child has moved because it could not open the file again. */
static void restoreOffsets(void) {
  struct stat status;
  for (size_t i = 0; i < fileCount; i++)
    // The number may stand for another file by now.
    if (fstat(files[i].fd, &status) == 0 && status.st_ino == files[i].inode)
      lseek(files[i].fd, files[i].offset, SEEK_SET);
}

static void setPort(struct sockaddr_storage *address, in_port_t port) {
  if (address->ss_family == AF_INET6) ((struct sockaddr_in6 *)address)->sin6_port = port;
  else ((struct sockaddr_in *)address)->sin_port = port;
}

static socklen_t sizeOf(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/** In the child: a new connection between the same addresses (the ports differ) in place of one within the process. */
static void separateConnection(const Connection *one, const Connection *other) {
  struct sockaddr_storage bound = other->local, target = one->remote;
  socklen_t size = sizeOf(&bound);
  struct in6_addr ip;
  in_port_t port;
  setPort(&bound, 0);
  int listener = socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&bound, size) || listen(listener, 1) ||
      getsockname(listener, (struct sockaddr *)&bound, &size) || !readInternet(&bound, &ip, &port))
    dieBroken("listen", errno);
  setPort(&target, port);
  int ends[2] = {socket(target.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), -1}, yes = 1;
  if (ends[0] < 0 || connect(ends[0], (struct sockaddr *)&target, sizeOf(&target))) dieBroken("connect", errno);
  ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (ends[1] < 0) dieBroken("accept4", errno);
  close(listener);
  for (int i = 0; i < 2; i++) {
    setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (fcntl(ends[i], F_SETFL, O_NONBLOCK)) dieBroken("fcntl", errno);
  }
  replace(one->fd, ends[0]);
  replace(other->fd, ends[1]);
}

static void separateConnections(void) {
  for (size_t i = 0; i < connectionCount; i++) {
    const Connection *one = &connections[i];
    if (one->other <= (int)i) continue;
    const Connection *other = &connections[one->other];
    // One that is being closed is closed in every process by itself.
    if (one->isEstablished && other->isEstablished) separateConnection(one, other);
  }
}

/** In the parent: nobody is at the other end of a connection that a child has opened and left to be accepted. */
static void dropWaiting(void) {
  for (size_t i = 0; i < listenerCount; i++)
    for (struct pollfd readable = {listeners[i], POLLIN, 0}; poll(&readable, 1, 0) == 1 && readable.revents == POLLIN;) {
      int waiting = accept4(listeners[i], NULL, NULL, SOCK_CLOEXEC);
      if (waiting < 0) break;
      close(waiting);
    }
}

#else
static void closeDescriptorFolder(void) {}
static void separateFiles(void) {}
static void separateConnections(void) {}
static void restoreOffsets(void) {}
static void dropWaiting(void) {}
#endif

// ---- Pages ahead -----------------------------------------------------------------------------------------------------
// Most of what a child costs are its page faults, and children of one parent touch much the same pages. One notes which,
// in memory they all share; another that waits for its turn has them ready. A note that is wrong, because it is old
// or two children wrote at once, only makes a page ready that nobody needs.

#ifdef __linux__
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
enum { NOTES = 8192, RANGE_PAGES = 2048 };

/** The number of notes, then each: page number << 12 | (number of pages - 1) << 1 | whether it was written. */
static uint64_t *notes;

/** In a child: how many pages it may note at its end. */
static unsigned int pagesToNote;

static void shareNotes(void) {
  if (notes || sysconf(_SC_PAGESIZE) != 4096) return;
  notes = mmap(NULL, NOTES * sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (notes == MAP_FAILED) notes = NULL;
}

static void notePages(int pagemap, unsigned long start, unsigned long end, uint64_t *count) {
  const uint64_t present = 1ULL << 63, ofFile = 1ULL << 61, own = 1ULL << 56;
  uint64_t entries[512];
  for (unsigned long page = start / 4096; page < end / 4096;) {
    ssize_t got = pread(pagemap, entries, sizeof entries, page * sizeof *entries);
    if (got < (ssize_t)sizeof *entries) return;
    for (ssize_t i = 0; i < got / (ssize_t)sizeof *entries && page < end / 4096; i++, page++) {
      bool isWritten = !(entries[i] & ofFile);
      if (!(entries[i] & present) || (isWritten && !(entries[i] & own))) continue;
      if (pagesToNote == 0) return;
      if (isWritten) pagesToNote--;
      uint64_t last = *count ? notes[*count] : 0;
      if (*count && (last >> 12) + (last >> 1 & (RANGE_PAGES - 1)) + 1 == page && (last & 1) == isWritten &&
          (last >> 1 & (RANGE_PAGES - 1)) < RANGE_PAGES - 1)
        notes[*count] = last + 2;
      else if (*count + 1 < NOTES) notes[++*count] = page << 12 | isWritten;
    }
  }
}

/** Notes the pages of private memory that are this process's alone, and those of files that it has mapped. */
static void noteTouched(void) {
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0 || readMap()) return;
  uint64_t count = 0;
  notes[0] = 0;
  for (char *line = mapText, *next; pagesToNote && (next = strchr(line, '\n')); line = next + 1) {
    char *at;
    unsigned long start = strtoul(line, &at, 16), end = strtoul(at + 1, &at, 16);
    // Not what is only reserved, shared, or the kernel's own.
    if (at[1] == 'r' && at[4] == 'p' && end < 1UL << 47 && end - start < 1UL << 32)
      notePages(pagemap, start, end, &count);
  }
  notes[0] = count;
}

/** Makes the noted pages ready, until there is something to read. Returns the number of ranges. */
static unsigned int touchNoted(int fd) {
  struct pollfd readable = {fd, POLLIN, 0};
  unsigned int i = 0;
  for (; i < notes[0] && i + 1 < NOTES; i++) {
    if (i % 16 == 0 && poll(&readable, 1, 0) != 0) break;
    uint64_t range = notes[i + 1];
    size_t size = ((range >> 1 & (RANGE_PAGES - 1)) + 1) * 4096;
    // It fails where the memory is no more what it was, and on kernels before 5.14.
    madvise((void *)(range >> 12 << 12), size, range & 1 ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
  }
  return i;
}
#endif

static napi_value NoteAtFinish(napi_env env, napi_callback_info info) {
  napi_value values[1];
  uint32_t pages;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_uint32(env, values[0], &pages));
#ifdef __linux__
  pagesToNote = pages;
#endif
  return NULL;
}

static napi_value TouchNoted(napi_env env, napi_callback_info info) {
  napi_value values[1], ranges;
  int fd;
  uint32_t count = 0;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
#ifdef __linux__
  if (notes) count = touchNoted(fd);
#endif
  NAPI(napi_create_uint32(env, count, &ranges));
  return ranges;
}

// ---- Branching -------------------------------------------------------------------------------------------------------

/** Write end of this process's own result pipe: its children must not hold it open, or its death would go unseen. */
static int ownResult = -1;

/** Puts one end of a silent socket pair over each descriptor; the peer stays open, so that no end is ever read. */
static void neutralise(const Descriptors *silenced) {
  uv_os_sock_t pair[2];
  if (silenced->count == 0) return;
  int error = uv_socketpair(SOCK_STREAM, 0, pair, 0, 0);
  if (error) dieBroken("socketpair", error);
  for (uint32_t i = 0; i < silenced->count; i++)
    if (dup2(pair[0], silenced->fds[i]) < 0 || fcntl(silenced->fds[i], F_SETFD, FD_CLOEXEC)) dieBroken("dup2", errno);
  close(pair[0]);
}

static bool readDescriptors(napi_env env, napi_value list, Descriptors *fds) {
  napi_value item;
  if (napi_get_array_length(env, list, &fds->count) != napi_ok) return failNapi(env, "napi_get_array_length"), false;
  if (fds->count > MAX_DESCRIPTORS) return fail(env, "fork", E2BIG), false;
  for (uint32_t i = 0; i < fds->count; i++)
    if (napi_get_element(env, list, i, &item) != napi_ok || napi_get_value_int32(env, item, &fds->fds[i]) != napi_ok)
      return failNapi(env, "napi_get_value_int32"), false;
  return true;
}

static napi_value Fork(napi_env env, napi_callback_info info) {
  napi_value values[3];
  bool repair;
  Descriptors silenced, closed;
  int result[2], orders[2];
  uv_loop_t *loop;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_bool(env, values[0], &repair));
  if (!readDescriptors(env, values[1], &silenced) || !readDescriptors(env, values[2], &closed)) return NULL;
  NAPI(napi_get_uv_event_loop(env, &loop));
  int error = uv_pipe(result, 0, 0);
  if (error) return fail(env, "pipe", error);
  error = uv_pipe(orders, 0, 0);
  if (error) return close(result[0]), close(result[1]), fail(env, "pipe", error);
  const char *failed = NULL;
#ifdef __linux__
  // A large result then rarely waits for its reader. Refused over the user's quota; the default size works too.
  fcntl(result[1], F_SETPIPE_SZ, 1 << 20);
  if (repair) findCondvars(result);
  failed = listDescriptors();
  if (!failed) failed = keepMemoryInChild();
  shareNotes();
#endif
  pid_t parent = getpid();
  pid_t pid = failed ? -1 : fork();
  error = errno;
  if (pid != 0) closeDescriptorFolder();
  if (pid < 0) {
    for (int i = 0; i < 2; i++) close(result[i]), close(orders[i]);
    return fail(env, failed ? failed : "fork", error);
  }
  if (pid > 0) {
    close(result[1]);
    close(orders[0]);
    return listNumbers(env, 3, (double[]){pid, result[0], orders[1]});
  }
#ifdef __linux__
  pagesToNote = 0;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) dieBroken("prctl(PR_SET_PDEATHSIG)", errno);
  if (repair) resetCondvars();
  hideWorkers();
#endif
  if (getppid() != parent) _exit(EXIT_ORPHAN);
  separateFiles();
  separateConnections();
  closeDescriptorFolder();
  close(result[0]);
  close(orders[1]);
  for (uint32_t i = 0; i < closed.count; i++) close(closed.fds[i]);
  if (ownResult >= 0) close(ownResult);
  ownResult = result[1];
  neutralise(&silenced);
  error = uv_loop_fork(loop);
  if (error) dieBroken("uv_loop_fork", error);
  napi_value list = listNumbers(env, 3, (double[]){0, result[1], orders[0]});
  if (!list) dieBroken("napi_create_array", ENOMEM);
  return list;
}

// ---- Children that wait ----------------------------------------------------------------------------------------------

static uv_prepare_t loopGuard;

static void endAtLoop(uv_prepare_t *handle) {
  (void)handle;
  _exit(EXIT_LOST);
}

/** While guarded, a turn of the event loop ends the process before it reads from any descriptor. */
static napi_value GuardLoop(napi_env env, napi_callback_info info) {
  napi_value values[1];
  bool guarded;
  uv_loop_t *loop;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_bool(env, values[0], &guarded));
  NAPI(napi_get_uv_event_loop(env, &loop));
  if (guarded && !loopGuard.loop) uv_prepare_init(loop, &loopGuard);
  if (guarded) uv_prepare_start(&loopGuard, endAtLoop);
  else uv_prepare_stop(&loopGuard);
  uv_unref((uv_handle_t *)&loopGuard);
  uv_update_time(loop);
  return NULL;
}

/** Writes all of it, waiting at most so long each time the pipe is full. False: nobody reads, or not in time. */
static bool writeAll(int fd, const char *at, size_t left, int waitMs) {
  while (left > 0) {
    if (waitMs >= 0 && poll(&(struct pollfd){fd, POLLOUT, 0}, 1, waitMs) == 0) return false;
    // A pipe that polls as writable takes this much without blocking.
    ssize_t written = write(fd, at, waitMs >= 0 && left > PIPE_BUF ? PIPE_BUF : left);
    if (written >= 0) at += written, left -= written;
    else if (errno == EAGAIN) poll(&(struct pollfd){fd, POLLOUT, 0}, 1, waitMs);
    else if (errno != EINTR) return false;
  }
  return true;
}

static bool readAll(int fd, char *at, size_t left) {
  while (left > 0) {
    ssize_t got = read(fd, at, left);
    if (got > 0) at += got, left -= got;
    else if (got == 0 || errno != EINTR) return false;
  }
  return true;
}

static napi_value Send(napi_env env, napi_callback_info info) {
  napi_value values[3], sent;
  int fd, waitMs;
  void *data;
  size_t length;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  NAPI(napi_get_buffer_info(env, values[1], &data, &length));
  NAPI(napi_get_value_int32(env, values[2], &waitMs));
  uint64_t header = length;
  bool isSent = writeAll(fd, (char *)&header, sizeof header, waitMs) && writeAll(fd, data, length, waitMs);
  NAPI(napi_get_boolean(env, isSent, &sent));
  return sent;
}

static napi_value Receive(napi_env env, napi_callback_info info) {
  napi_value values[1], buffer;
  int fd;
  uint64_t length;
  void *data;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  if (!readAll(fd, (char *)&length, sizeof length)) return NULL;
  NAPI(napi_create_buffer(env, length, &data, &buffer));
  return readAll(fd, data, length) ? buffer : NULL;
}

static napi_value Collect(napi_env env, napi_callback_info info) {
  napi_value values[3], parts[2], list;
  int pid, fd, error = 0;
  double deadlineMs;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &pid));
  NAPI(napi_get_value_int32(env, values[1], &fd));
  NAPI(napi_get_value_double(env, values[2], &deadlineMs));
  // kill(2) reads 0 and negative numbers as whole groups of processes.
  if (pid <= 0) return fail(env, "kill", EINVAL);
  double left = deadlineMs;
  const char *failed = NULL;
  char *bytes = NULL;
  size_t capacity = 0, length = 0;
  bool timedOut = false;
  while (!failed && !timedOut) {
    // In slices, each of which counts for its length at most: while this process was stopped, its child had no time either.
    double slice = left > SLICE_MS ? SLICE_MS : left, began = nowMs();
    struct pollfd readable = {fd, POLLIN, 0};
    int ready = poll(&readable, 1, deadlineMs > 0 ? (int)slice + 1 : -1);
    if (ready == 0 || (ready < 0 && errno == EINTR)) {
      double passed = nowMs() - began;
      left -= passed < slice ? passed : slice;
      timedOut = deadlineMs > 0 && left <= 0;
      continue;
    }
    if (ready < 0) failed = "poll";
    if (capacity - length < 65536) {
      char *grown = realloc(bytes, capacity = capacity ? capacity * 2 : 131072);
      if (!grown) failed = "realloc";
      else bytes = grown;
    }
    if (failed) break;
    ssize_t got = read(fd, bytes + length, capacity - length);
    if (got == 0) break;
    if (got > 0) {
      length += got;
      left = deadlineMs;
    } else if (errno != EINTR) failed = "read";
  }
  if (failed) error = errno;
  if (failed || timedOut) kill(pid, SIGKILL);
  close(fd);
  restoreOffsets();
  dropWaiting();
  napi_status copied = failed ? napi_ok : napi_create_buffer_copy(env, length, bytes, NULL, &parts[1]);
  free(bytes);
  if (failed) return fail(env, failed, error);
  NAPI(copied);
  NAPI(napi_get_boolean(env, timedOut, &parts[0]));
  NAPI(napi_create_array_with_length(env, 2, &list));
  for (int i = 0; i < 2; i++) NAPI(napi_set_element(env, list, i, parts[i]));
  return list;
}

static napi_value Reap(napi_env env, napi_callback_info info) {
  napi_value values[2], result;
  int pid, status;
  double waitMs;
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &pid));
  NAPI(napi_get_value_double(env, values[1], &waitMs));
  if (pid <= 0) return fail(env, "waitpid", EINVAL);
  double deadline = waitMs > 0 ? nowMs() + waitMs : 0;
  // An exit is microseconds away mostly: short naps, and blocking only when nothing bounds the wait.
  for (long nap = 50000;; nap = nap < 1000000 ? nap * 2 : nap) {
    pid_t got = waitpid(pid, &status, waitMs < 0 ? 0 : WNOHANG);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(env, "waitpid", errno);
    if (got == pid || nowMs() >= deadline) {
      napi_status made = got == pid ? napi_create_int32(env, status, &result) : napi_get_null(env, &result);
      NAPI(made);
      return result;
    }
    nanosleep(&(struct timespec){0, nap}, NULL);
  }
}

static napi_value Kill(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int pid;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &pid));
  if (pid <= 0) return fail(env, "kill", EINVAL);
  kill(pid, SIGKILL);
  return NULL;
}

static napi_value Close(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int fd;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  close(fd);
  return NULL;
}

// ---- Several children at once ----------------------------------------------------------------------------------------

static napi_value Poll(napi_env env, napi_callback_info info) {
  napi_value values[2], list, index;
  Descriptors fds;
  int waitMs;
  struct pollfd polled[MAX_DESCRIPTORS];
  if (!readArguments(env, info, 2, values) || !readDescriptors(env, values[0], &fds)) return NULL;
  NAPI(napi_get_value_int32(env, values[1], &waitMs));
  for (uint32_t i = 0; i < fds.count; i++) polled[i] = (struct pollfd){fds.fds[i], POLLIN, 0};
  if (poll(polled, fds.count, waitMs) < 0 && errno != EINTR) return fail(env, "poll", errno);
  NAPI(napi_create_array(env, &list));
  for (uint32_t i = 0, count = 0; i < fds.count; i++) {
    if (!polled[i].revents) continue;
    NAPI(napi_create_uint32(env, i, &index));
    NAPI(napi_set_element(env, list, count++, index));
  }
  return list;
}

static napi_value Read(napi_env env, napi_callback_info info) {
  static char bytes[1 << 20];
  napi_value values[1], buffer;
  int fd;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  ssize_t got;
  do got = read(fd, bytes, sizeof bytes);
  while (got < 0 && errno == EINTR);
  if (got < 0) return fail(env, "read", errno);
  NAPI(napi_create_buffer_copy(env, got, bytes, NULL, &buffer));
  return buffer;
}

static napi_value WriteSome(napi_env env, napi_callback_info info) {
  napi_value values[2], count;
  int fd;
  void *data;
  size_t length;
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  NAPI(napi_get_buffer_info(env, values[1], &data, &length));
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  ssize_t written = write(fd, data, length);
  if (written < 0 && errno != EAGAIN && errno != EINTR) return fail(env, "write", errno);
  NAPI(napi_create_double(env, written < 0 ? 0 : written, &count));
  return count;
}

/** A file without a name. */
static napi_value TemporaryFile(napi_env env, napi_callback_info info) {
  (void)info;
  char path[] = P_tmpdir "/forkpoint-XXXXXX";
  napi_value value;
#ifdef SYS_memfd_create
  int fd = syscall(SYS_memfd_create, "forkpoint", 1 /* MFD_CLOEXEC */);
#else
  int fd = -1;
#endif
  if (fd < 0) fd = mkstemp(path);
  if (fd < 0) return fail(env, "mkstemp", errno);
  unlink(path);
  NAPI(napi_create_int32(env, fd, &value));
  return value;
}

static napi_value Redirect(napi_env env, napi_callback_info info) {
  napi_value values[2];
  int from, to;
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &from));
  NAPI(napi_get_value_int32(env, values[1], &to));
  if (dup2(to, from) < 0) return fail(env, "dup2", errno);
  return NULL;
}

static napi_value Finish(napi_env env, napi_callback_info info) {
  napi_value values[3];
  int fd, code;
  void *data;
  size_t left;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  NAPI(napi_get_buffer_info(env, values[1], &data, &left));
  NAPI(napi_get_value_int32(env, values[2], &code));
  if (!writeAll(fd, data, left, -1)) dieBroken("write of the result", errno);
#ifdef SYS_close_range
  // What the process holds is let go of before its end is seen, which is when the result pipe closes: the kernel closes
  // descriptors only after it has taken the memory apart, and a port or a lock must be free for the next test.
  bool isClosed = fd <= 3 || syscall(SYS_close_range, 3, fd - 1, 0) == 0;
  if (isClosed && syscall(SYS_close_range, fd + 1, ~0U, 0) == 0) {
    close(fd);
    if (notes && pagesToNote) noteTouched();
  }
#endif
  _exit(code);
}

static napi_value Exit(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int code;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &code));
  _exit(code);
}

static napi_value DieWithParent(napi_env env, napi_callback_info info) {
  (void)info;
#ifdef __linux__
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return fail(env, "prctl(PR_SET_PDEATHSIG)", errno);
#else
  (void)env;
#endif
  return NULL;
}

// ---- Probes ----------------------------------------------------------------------------------------------------------

static napi_value ActiveRequests(napi_env env, napi_callback_info info) {
  (void)info;
  uv_loop_t *loop;
  napi_value count;
  NAPI(napi_get_uv_event_loop(env, &loop));
  NAPI(napi_create_uint32(env, loop->active_reqs.count, &count));
  return count;
}

static napi_value Threads(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  NAPI(napi_create_array(env, &list));
#ifdef __linux__
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return errno == ENOENT ? list : fail(env, "opendir /proc/self/task", errno);
  uint32_t index = 0;
  for (struct dirent *task; (task = readdir(tasks));) {
    char path[300], text[256];
    int tid = atoi(task->d_name);
    if (tid <= 0 || tid == syscall(SYS_gettid)) continue;
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (length <= 0) continue; // It has ended since it was listed.
    text[length] = 0;
    // "tid (name) state ...", where the name may hold brackets of its own.
    char *name = strchr(text, '('), *end = strrchr(text, ')');
    if (!name || !end || end[1] != ' ') continue;
    napi_value entry, part;
    bool made = napi_create_array_with_length(env, 3, &entry) == napi_ok &&
                napi_create_int32(env, tid, &part) == napi_ok && napi_set_element(env, entry, 0, part) == napi_ok &&
                napi_create_string_utf8(env, name + 1, end - name - 1, &part) == napi_ok &&
                napi_set_element(env, entry, 1, part) == napi_ok &&
                napi_create_string_utf8(env, end + 2, 1, &part) == napi_ok &&
                napi_set_element(env, entry, 2, part) == napi_ok && napi_set_element(env, list, index++, entry) == napi_ok;
    if (!made) return closedir(tasks), failNapi(env, "napi_set_element");
  }
  closedir(tasks);
#endif
  return list;
}

#ifdef __linux__
/** "127.0.0.1:80", "[::1]:80", a path, "@name" of an abstract one; empty for a socket without a name. */
static void writeAddress(const struct sockaddr_storage *address, char *text, size_t size) {
  char host[INET6_ADDRSTRLEN];
  struct in6_addr ip;
  in_port_t port;
  *text = 0;
  if (readInternet(address, &ip, &port)) {
    bool isFour = IN6_IS_ADDR_V4MAPPED(&ip);
    inet_ntop(isFour ? AF_INET : AF_INET6, isFour ? (void *)(ip.s6_addr + 12) : &ip, host, sizeof host);
    snprintf(text, size, isFour ? "%s:%d" : "[%s]:%d", host, ntohs(port));
  } else if (address->ss_family == AF_UNIX) {
    const char *path = ((const struct sockaddr_un *)address)->sun_path;
    snprintf(text, size, "%s%s", *path || !path[1] ? "" : "@", *path ? path : path + 1);
  }
}
#endif

static napi_value Connections(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  NAPI(napi_create_array(env, &list));
#ifdef __linux__
  const char *failed = listDescriptors();
  int error = errno;
  closeDescriptorFolder();
  if (failed) return fail(env, failed, error);
  for (size_t i = 0; i < connectionCount; i++) {
    const Connection *connection = &connections[i];
    char peer[120];
    struct ucred credentials = {0, 0, 0};
    socklen_t size = sizeof credentials;
    int unread = 0;
    bool isUnix = connection->local.ss_family == AF_UNIX;
    writeAddress(&connection->remote, peer, sizeof peer);
    // The end that was accepted has the name.
    if (isUnix && !*peer) writeAddress(&connection->local, peer, sizeof peer);
    if (isUnix) getsockopt(connection->fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
    ioctl(connection->fd, FIONREAD, &unread);
    napi_value entry, part;
    double numbers[5] = {connection->fd, connection->inode, credentials.pid, connection->other, unread};
    entry = listNumbers(env, 5, numbers);
    if (!entry) return NULL;
    NAPI(napi_get_boolean(env, connection->isEstablished, &part));
    NAPI(napi_set_element(env, entry, 5, part));
    NAPI(napi_create_string_utf8(env, peer, NAPI_AUTO_LENGTH, &part));
    NAPI(napi_set_element(env, entry, 6, part));
    NAPI(napi_set_element(env, list, i, entry));
  }
#endif
  return list;
}

static napi_value ResidentBytes(napi_env env, napi_callback_info info) {
  (void)info;
  size_t bytes;
  napi_value value;
  int error = uv_resident_set_memory(&bytes);
  if (error) return fail(env, "uv_resident_set_memory", error);
  NAPI(napi_create_double(env, bytes, &value));
  return value;
}

static napi_value Pid(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value value;
  NAPI(napi_create_int32(env, getpid(), &value));
  return value;
}

#ifdef __linux__
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
enum { HUGE = 2 << 20, SMALL = 4096, PER_HUGE = HUGE / SMALL };

/** `left` counts blocks that were not looked at because the time was up, and those that could not be collapsed just then. */
typedef struct {
  double collapsed, failed, left, until;
} Collapsing;

/** Collapses what is resident in half or more of its pages: an untouched block would only cost memory. */
static void collapseRange(unsigned long start, unsigned long end, Collapsing *result) {
  unsigned char resident[PER_HUGE];
  start = (start + HUGE - 1) & ~(HUGE - 1UL);
  end &= ~(HUGE - 1UL);
  for (unsigned long block = start; block < end; block += HUGE) {
    int pages = 0;
    if (nowMs() >= result->until) {
      result->left += (end - block) / HUGE;
      return;
    }
    if (mincore((void *)block, HUGE, resident)) continue;
    for (int i = 0; i < PER_HUGE; i++) pages += resident[i] & 1;
    if (pages < PER_HUGE / 2) continue;
    // Not MADV_HUGEPAGE first: it would part the mapping from its neighbours, and the kernel doesn't ask for it here.
    if (!madvise((void *)block, HUGE, MADV_COLLAPSE)) result->collapsed++;
    // Somebody holds on to a page for the moment, as a child does that is leaving.
    else if (errno == EAGAIN || errno == EBUSY) result->left++;
    else result->failed++;
  }
}
#endif

static napi_value Collapse(napi_env env, napi_callback_info info) {
  napi_value values[2];
  double minBytes, budgetMs, began = nowMs(), counts[4] = {0};
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_double(env, values[0], &minBytes));
  NAPI(napi_get_value_double(env, values[1], &budgetMs));
#ifdef __linux__
  // With larger pages a huge page is larger too (512 MiB on arm64 with 64 KiB pages) and never pays here.
  if (sysconf(_SC_PAGESIZE) == SMALL) {
    const char *failed = readMap();
    if (failed) return fail(env, failed, errno);
    Mapping mapping;
    Collapsing result = {0, 0, 0, began + budgetMs};
    for (char *cursor = mapText; nextAnonymous(&cursor, &mapping);)
      if (mapping.writable && mapping.end - mapping.start >= minBytes)
        collapseRange(mapping.start, mapping.end, &result);
    counts[0] = result.collapsed, counts[2] = result.failed, counts[3] = result.left;
  }
#endif
  counts[1] = nowMs() - began;
  return listNumbers(env, 4, counts);
}

#ifdef __linux__
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/** Whether the range, which is free, is now reserved. */
static bool reserveRange(unsigned long start, unsigned long end) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  void *got = mmap((void *)start, end - start, PROT_NONE, flags, -1, 0);
  if (got == (void *)start) return true;
  // Kernels before 4.17 take the address for a wish.
  if (got != MAP_FAILED) munmap(got, end - start);
  return false;
}
#endif

static napi_value Reserve(napi_env env, napi_callback_info info) {
  napi_value values[2], bytes;
  double from, to, reserved = 0;
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_double(env, values[0], &from));
  NAPI(napi_get_value_double(env, values[1], &to));
#ifdef __linux__
  const char *failed = readMap();
  if (failed) return fail(env, failed, errno);
  unsigned long at = (unsigned long)from, end = (unsigned long)to;
  for (char *line = mapText; at < end;) {
    char *rest = line;
    unsigned long start = *line ? strtoul(line, &rest, 16) : end, next = *line ? strtoul(rest + 1, &rest, 16) : end;
    if (start > end) start = end;
    if (start > at && reserveRange(at, start)) reserved += start - at;
    if (next > at) at = next;
    line = strchr(rest, '\n');
    line = line ? line + 1 : "";
  }
#endif
  NAPI(napi_create_double(env, reserved, &bytes));
  return bytes;
}

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } table[] = {{"fork", Fork},
               {"guardLoop", GuardLoop},
               {"send", Send},
               {"receive", Receive},
               {"collect", Collect},
               {"poll", Poll},
               {"read", Read},
               {"writeSome", WriteSome},
               {"temporaryFile", TemporaryFile},
               {"redirect", Redirect},
               {"reap", Reap},
               {"kill", Kill},
               {"close", Close},
               {"finish", Finish},
               {"exit", Exit},
               {"dieWithParent", DieWithParent},
               {"activeRequests", ActiveRequests},
               {"threads", Threads},
               {"connections", Connections},
               {"residentBytes", ResidentBytes},
               {"pid", Pid},
               {"collapse", Collapse},
               {"reserve", Reserve},
               {"noteAtFinish", NoteAtFinish},
               {"touchNoted", TouchNoted}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    napi_value function;
    NAPI(napi_create_function(env, table[i].name, NAPI_AUTO_LENGTH, table[i].call, NULL, &function));
    NAPI(napi_set_named_property(env, exports, table[i].name, function));
  }
  return exports;
}
