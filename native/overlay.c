// Folders whose changes go to memory: the kernel's overlay file system over what is on the disk.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "isolation.h"
#ifdef __linux__
#include <limits.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { MAX_BINDS = 256, FIRST_KEPT = 200 };

int changesFolder = -1, lowerFolders[MAX_OVERLAYS];

static int binds[MAX_BINDS];

static int openPath(const char *path, int more) { return open(path, O_PATH | O_CLOEXEC | more); }

/** Everything is opened before anything is mounted: paths lead elsewhere then. */
static const char *openSources(const Isolation *isolation) {
  if (isolation->overlayCount > MAX_OVERLAYS || isolation->bindCount > MAX_BINDS) return errno = E2BIG, "mount";
  for (size_t i = 0; i < isolation->overlayCount; i++) {
    lowerFolders[i] = openPath(isolation->overlays[i], O_DIRECTORY);
    if (lowerFolders[i] < 0) return failedAt("open", isolation->overlays[i]);
  }
  for (size_t i = 0; i < isolation->bindCount; i++) {
    binds[i] = openPath(isolation->binds[i], 0);
    // It has gone in the meantime.
    if (binds[i] < 0 && errno != ENOENT) return failedAt("open", isolation->binds[i]);
  }
  return NULL;
}

/** Its number is no one that the process would be given next. */
static int keepAside(int fd) {
  int kept = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_KEPT), error = errno;
  close(fd);
  errno = error;
  return kept;
}

static const char *mountMemory(const char *at) {
  if (mount("forkpoint", at, "tmpfs", 0, "mode=0755")) return failedAt("mount of a tmpfs", at);
  int folder = openPath(at, O_DIRECTORY);
  if (folder < 0) return failedAt("open", at);
  changesFolder = keepAside(folder);
  return changesFolder < 0 ? failedAt("fcntl", at) : NULL;
}

/** A folder for changes that looks like the one beneath it. */
static bool makeUpper(const char *name, int lower) {
  struct stat status;
  if (fstat(lower, &status) || mkdirat(changesFolder, name, 0700)) return false;
  // Refused in a user namespace where it is somebody else's; it is seen as the process's own then.
  if (fchownat(changesFolder, name, status.st_uid, status.st_gid, 0) && errno != EINVAL && errno != EPERM) return false;
  return fchmodat(changesFolder, name, status.st_mode & 07777, 0) == 0 &&
         utimensat(changesFolder, name, (struct timespec[]){status.st_atim, status.st_mtim}, 0) == 0;
}

static const char *mountOverlay(const Isolation *isolation, size_t index, const char *target) {
  char upper[24], work[24], options[256];
  snprintf(upper, sizeof upper, "upper%zu", index);
  snprintf(work, sizeof work, "work%zu", index);
  if (!makeUpper(upper, lowerFolders[index]) || mkdirat(changesFolder, work, 0700)) return failedAt("mkdir", upper);
  // Without `redirect_dir` a folder of the disk can't be renamed, without `index` hard links come apart. Both need privileges.
  snprintf(options, sizeof options, "lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d/%s,workdir=/proc/self/fd/%d/%s,%s",
           lowerFolders[index], changesFolder, upper, changesFolder, work,
           isolation->asUser ? "userxattr" : "redirect_dir=on,index=on");
  if (mount("forkpoint", target, "overlay", 0, options)) return failedAt("mount of an overlay", isolation->overlays[index]);
  lowerFolders[index] = keepAside(lowerFolders[index]);
  return lowerFolders[index] < 0 ? failedAt("fcntl", isolation->overlays[index]) : NULL;
}

/** The process's root, and that of all it starts, is `folder` from here on. */
static const char *changeRoot(const char *folder) {
  if (chdir(folder)) return failedAt("chdir", folder);
  // The new root on top of the old one, which is then taken away. Refused where the old one is the kernel's first.
  if (syscall(SYS_pivot_root, ".", ".") == 0) {
    if (umount2(".", MNT_DETACH)) return failedAt("umount", "/");
  } else if (chroot(".")) return failedAt("chroot", folder);
  return chdir("/") ? failedAt("chdir", "/") : NULL;
}

const char *mountOverlays(const Isolation *isolation) {
  char cwd[PATH_MAX], prefix[64] = "", target[PATH_MAX + 64], source[64];
  bool hasCwd = getcwd(cwd, sizeof cwd), isRoot = strcmp(isolation->overlays[0], "/") == 0;
  const char *failed = openSources(isolation);
  if (!failed) failed = mountMemory(isolation->at);
  if (failed) return failed;
  if (isRoot) {
    if (mkdirat(changesFolder, "root", 0755)) return failedAt("mkdir", "root");
    snprintf(prefix, sizeof prefix, "/proc/self/fd/%d/root", changesFolder);
  }
  for (size_t i = 0; i < isolation->overlayCount; i++) {
    snprintf(target, sizeof target, "%s%s", prefix, isolation->overlays[i]);
    failed = mountOverlay(isolation, i, target);
    if (failed) return failed;
  }
  for (size_t i = 0; i < isolation->bindCount; i++) {
    if (binds[i] < 0) continue;
    snprintf(source, sizeof source, "/proc/self/fd/%d", binds[i]);
    snprintf(target, sizeof target, "%s%s", prefix, isolation->binds[i]);
    if (mount(source, target, NULL, MS_BIND | MS_REC, NULL)) return failedAt("mount", isolation->binds[i]);
    close(binds[i]);
  }
  failed = isRoot ? changeRoot(prefix) : NULL;
  if (!failed && hasCwd && chdir(cwd)) failed = failedAt("chdir", cwd);
  return failed;
}
#endif
