// Files that are open, opened again where their paths lead to: a descriptor goes on to stand for what is beneath an overlay.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "descriptors.h"
#include "isolation.h"
#ifdef __linux__
#include <limits.h>
#include <sys/stat.h>

/** Of `files`, one by one; NULL for a file that can't be reached by a path any more. */
static char **paths;

static char *pathOf(const OpenFile *file) {
  char link[40], path[PATH_MAX];
  struct stat own, found;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file->fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0 || *path != '/') return NULL;
  path[length] = 0;
  bool isThere = fstat(file->fd, &own) == 0 && stat(path, &found) == 0 && own.st_ino == found.st_ino &&
                 own.st_dev == found.st_dev;
  return isThere ? strdup(path) : NULL;
}

const char *notePaths(void) {
  if (fileCount == 0) return NULL;
  paths = calloc(fileCount, sizeof *paths);
  if (!paths) return "calloc";
  for (size_t i = 0; i < fileCount; i++) paths[i] = pathOf(&files[i]);
  return NULL;
}

const char *reopenFiles(void) {
  const int kept = O_ACCMODE | O_APPEND | O_NONBLOCK | O_DSYNC | O_SYNC | O_NOATIME;
  for (size_t i = 0; i < fileCount; i++) {
    int fd = files[i].fd;
    off_t offset = paths[i] ? lseek(fd, 0, SEEK_CUR) : -1;
    if (offset < 0) continue;
    int own = open(paths[i], (files[i].flags & kept) | O_CLOEXEC), mode = fcntl(fd, F_GETFD);
    // What may only be read does no harm as it is.
    if (own < 0 && (files[i].flags & O_ACCMODE) == O_RDONLY) continue;
    if (own < 0 || lseek(own, offset, SEEK_SET) < 0 || dup3(own, fd, mode & FD_CLOEXEC ? O_CLOEXEC : 0) < 0)
      return failedAt("open", paths[i]);
    close(own);
  }
  return NULL;
}
#endif
