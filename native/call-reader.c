// What a system call is about to be made on: paths, addresses, the words of a command. Allocates nothing: the thread that makes the
// call may hold any lock.
#define _GNU_SOURCE
#include "call-log.h"
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "addresses.h"

enum { NO_FOLDER = -1, PAGE = 4096, FCHMODAT2 = 452 };

/** Where the paths of a call are among its arguments, and the folders that they are seen from. */
typedef struct {
  int number, folder, path, otherFolder, other;
  bool isFollowed;
} PathCall;

static const PathCall PATH_CALLS[] = {
#ifdef __x86_64__
    {SYS_open, -1, 0, -1, -1, true},     {SYS_creat, -1, 0, -1, -1, true},   {SYS_unlink, -1, 0, -1, -1, false},
    {SYS_rename, -1, 0, -1, 1, false},   {SYS_renameat, 0, 1, 2, 3, false},  {SYS_mkdir, -1, 0, -1, -1, false},
    {SYS_rmdir, -1, 0, -1, -1, false},   {SYS_link, -1, 1, -1, 0, false},    {SYS_symlink, -1, 1, -1, -1, false},
    {SYS_chmod, -1, 0, -1, -1, true},    {SYS_chown, -1, 0, -1, -1, true},   {SYS_lchown, -1, 0, -1, -1, false},
    {SYS_utime, -1, 0, -1, -1, true},    {SYS_utimes, -1, 0, -1, -1, true},  {SYS_futimesat, 0, 1, -1, -1, true},
    {SYS_mknod, -1, 0, -1, -1, false},
#endif
    {SYS_openat, 0, 1, -1, -1, true},    {SYS_unlinkat, 0, 1, -1, -1, false}, {SYS_renameat2, 0, 1, 2, 3, false},
    {SYS_mkdirat, 0, 1, -1, -1, false},  {SYS_linkat, 2, 3, 0, 1, false},     {SYS_symlinkat, 1, 2, -1, -1, false},
    {SYS_fchmodat, 0, 1, -1, -1, true},  {FCHMODAT2, 0, 1, -1, -1, true},     {SYS_fchownat, 0, 1, -1, -1, true},
    {SYS_utimensat, 0, 1, -1, -1, true}, {SYS_mknodat, 0, 1, -1, -1, false},  {SYS_truncate, -1, 0, -1, -1, true},
    {SYS_setxattr, -1, 0, -1, -1, true}, {SYS_lsetxattr, -1, 0, -1, -1, false}, {SYS_removexattr, -1, 0, -1, -1, true},
    {SYS_execve, -1, 0, -1, -1, true},   {SYS_execveat, 0, 1, -1, -1, true},  {SYS_mount, -1, 1, -1, 0, true},
    {SYS_umount2, -1, 0, -1, -1, true}};

/** Page by page: what follows the end of a text may not be there. The length; -1 where it can't be read. */
static ssize_t readText(int pid, uint64_t address, char *text, size_t size) {
  size_t length = 0;
  while (length < size - 1) {
    size_t left = PAGE - (address + length) % PAGE, wanted = size - 1 - length < left ? size - 1 - length : left;
    struct iovec local = {text + length, wanted}, remote = {(void *)(uintptr_t)(address + length), wanted};
    ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
    if (got <= 0) return length > 0 ? (ssize_t)length : -1;
    char *end = memchr(text + length, 0, got);
    if (end) return end - text;
    length += got;
  }
  text[length] = 0;
  return length;
}

/** A path as it is seen from the root. */
static void readPath(int pid, int folder, uint64_t address, char *text, size_t size) {
  char path[MAX_TEXT] = "", link[64];
  *text = 0;
  // Without a path the descriptor itself is meant.
  if (address && readText(pid, address, path, sizeof path) < 0) return;
  if (*path == '/') {
    snprintf(text, size, "%s", path);
    return;
  }
  if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/%d/cwd", pid);
  else snprintf(link, sizeof link, "/proc/%d/fd/%d", pid, folder);
  ssize_t length = readlink(link, text, size - 1);
  if (length <= 0) length = 0;
  text[length] = 0;
  if (*path) snprintf(text + length, size - length, "%s%s", length == 1 ? "" : "/", path);
}

static void readState(const char *path, bool isFollowed, FileState *state) {
  struct stat status;
  *state = (FileState){0};
  if (fstatat(AT_FDCWD, path, &status, isFollowed ? 0 : AT_SYMLINK_NOFOLLOW)) return;
  *state = (FileState){status.st_mode & S_IFMT, status.st_mode, status.st_ino, status.st_size,
                       status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec,
                       status.st_ctim.tv_sec * 1000000000LL + status.st_ctim.tv_nsec};
}

/** Puts the words of a command after the path. */
static void readWords(int pid, uint64_t words, LoggedCall *call) {
  size_t at = strlen(call->text) + 1, start = at;
  for (int i = 0; i < 16 && words && at + 2 < MAX_TEXT; i++) {
    uint64_t word = 0;
    struct iovec local = {&word, sizeof word}, remote = {(void *)(uintptr_t)(words + i * sizeof word), sizeof word};
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != sizeof word || !word) break;
    if (i > 0) call->text[at++] = ' ';
    ssize_t length = readText(pid, word, call->text + at, MAX_TEXT - at);
    if (length < 0) break;
    at += length;
  }
  call->text[at < MAX_TEXT ? at : MAX_TEXT - 1] = 0;
  if (at > start) call->otherAt = start;
}

/** A copy of a descriptor of the process that makes the call; -1 where the system does not give one. To be closed. */
static int copyDescriptor(int process, int fd) {
  int handle = syscall(SYS_pidfd_open, process, 0);
  int own = handle < 0 ? -1 : syscall(SYS_pidfd_getfd, handle, fd, 0);
  if (handle >= 0) close(handle);
  return own;
}

/** False for what is no connection to another program: sockets to the kernel, and those that only name whom messages are for. */
static bool readAddress(LoggedCall *call, int fd, uint64_t address, uint64_t length, bool isMessage) {
  struct sockaddr_storage storage = {0};
  int type = 0;
  socklen_t size = sizeof type;
  struct iovec local = {&storage, length < sizeof storage ? length : sizeof storage};
  struct iovec remote = {(void *)(uintptr_t)address, local.iov_len};
  if (process_vm_readv(call->pid, &local, 1, &remote, 1, 0) <= 0) return false;
  if (storage.ss_family != AF_INET && storage.ss_family != AF_INET6 && storage.ss_family != AF_UNIX) return false;
  int own = isMessage ? -1 : copyDescriptor(call->pid, fd);
  if (own >= 0 && getsockopt(own, SOL_SOCKET, SO_TYPE, &type, &size)) type = 0;
  if (own >= 0) close(own);
  writeAddress(&storage, call->text, MAX_TEXT);
  return type != SOCK_DGRAM && *call->text;
}

/** Where the process is about to listen. */
static bool readListener(LoggedCall *call, int fd) {
  struct sockaddr_storage storage = {0};
  socklen_t size = sizeof storage;
  int own = copyDescriptor(call->pid, fd);
  bool isKnown = own >= 0 && getsockname(own, (struct sockaddr *)&storage, &size) == 0;
  if (own >= 0) close(own);
  if (isKnown) writeAddress(&storage, call->text, MAX_TEXT);
  return isKnown;
}

bool readCall(LoggedCall *call, const uint64_t arguments[6], int thread) {
  call->otherAt = 0;
  *call->text = 0;
  call->before = (FileState){0};
  if (call->number == SYS_connect) return readAddress(call, arguments[0], arguments[1], arguments[2], false);
  if (call->number == SYS_sendto) return readAddress(call, arguments[0], arguments[4], arguments[5], true);
  if (call->number == SYS_listen) return readListener(call, arguments[0]);
  if (call->number == SYS_kill || call->number == SYS_ptrace) {
    snprintf(call->text, MAX_TEXT, "%d %d", (int)arguments[call->number == SYS_kill ? 0 : 1],
             (int)arguments[call->number == SYS_kill ? 1 : 0]);
    return true;
  }
  for (size_t i = 0; i < sizeof PATH_CALLS / sizeof *PATH_CALLS; i++) {
    const PathCall *row = &PATH_CALLS[i];
    if (row->number != call->number) continue;
    readPath(thread, row->folder < 0 ? AT_FDCWD : (int)arguments[row->folder], arguments[row->path], call->text, MAX_TEXT);
    call->isFollowed = row->isFollowed;
    readState(call->text, row->isFollowed, &call->before);
    if (row->other >= 0) {
      call->otherAt = strlen(call->text) + 1;
      if (call->otherAt < MAX_TEXT - 1)
        readPath(thread, row->otherFolder < 0 ? AT_FDCWD : (int)arguments[row->otherFolder], arguments[row->other],
                 call->text + call->otherAt, MAX_TEXT - call->otherAt);
      else call->otherAt = 0;
    }
    if (call->number != SYS_execve && call->number != SYS_execveat) return true;
    // A program is looked for in one folder after the other.
    if (!S_ISREG(call->before.kind) || faccessat(AT_FDCWD, call->text, X_OK, AT_EACCESS)) return false;
    readWords(thread, arguments[call->number == SYS_execve ? 1 : 2], call);
    return true;
  }
  return false;
}
#endif
