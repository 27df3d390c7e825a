#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include "addresses.h"
#include "descriptors.h"

/** Temporary files of forkpoint's own: they are appended to, and so need no offset of their own in a child. */
static int temporaries[64];
static size_t temporaryCount;

void noteTemporary(int fd, bool isOpen) {
  for (size_t i = 0; i < temporaryCount; i++)
    if (temporaries[i] == fd) temporaries[i--] = temporaries[--temporaryCount];
  if (isOpen && temporaryCount < sizeof temporaries / sizeof *temporaries) temporaries[temporaryCount++] = fd;
}

#ifdef __linux__
int descriptorFolder = -1;
OpenFile *files;
Connection *connections;
int *listeners;
size_t fileCount, connectionCount, listenerCount;

/** Room for one more item, zeroed; NULL without memory. Grows by doubling: a count that is a power of two is full. */
static void *addItem(void **items, size_t *count, size_t size) {
  if ((*count & (*count - 1)) == 0) {
    void *grown = realloc(*items, (*count ? *count * 2 : 1) * size);
    if (!grown) return NULL;
    *items = grown;
  }
  return memset((char *)*items + (*count)++ * size, 0, size);
}

static bool isTemporary(int fd) {
  for (size_t i = 0; i < temporaryCount; i++)
    if (temporaries[i] == fd) return true;
  return false;
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

static void pairConnections(void) {
  for (size_t i = 0; i < connectionCount; i++)
    for (size_t j = i + 1; j < connectionCount; j++)
      if (isSameAddress(&connections[i].local, &connections[j].remote) &&
          isSameAddress(&connections[i].remote, &connections[j].local))
        connections[i].other = j, connections[j].other = i;
}

void closeDescriptorFolder(void) {
  if (descriptorFolder >= 0) close(descriptorFolder);
  descriptorFolder = -1;
}

const char *listDescriptors(void) {
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
      if (S_ISREG(status.st_mode) && !isTemporary(fd)) isAdded = addFile(fd, status.st_ino);
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

#else
void closeDescriptorFolder(void) {}
#endif
