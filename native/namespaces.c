#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "isolation.h"
#ifdef __linux__
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/syscall.h>

char failedPath[4096];

const char *failedAt(const char *call, const char *path) {
  snprintf(failedPath, sizeof failedPath, "%s", path);
  return call;
}

static bool writeFile(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool isWritten = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
  int error = errno;
  close(fd);
  errno = error;
  return isWritten;
}

/** The user and the group keep their numbers, and there are no others. */
static const char *mapIds(uid_t user, gid_t group) {
  char line[64];
  // Without it a group that bars somebody from a file could be left.
  if (!writeFile("/proc/self/setgroups", "deny") && errno != ENOENT) return failedAt("write", "/proc/self/setgroups");
  snprintf(line, sizeof line, "%u %u 1", user, user);
  if (!writeFile("/proc/self/uid_map", line)) return failedAt("write", "/proc/self/uid_map");
  snprintf(line, sizeof line, "%u %u 1", group, group);
  return writeFile("/proc/self/gid_map", line) ? NULL : failedAt("write", "/proc/self/gid_map");
}

const char *enterNamespaces(const Isolation *isolation) {
  uid_t user = geteuid();
  gid_t group = getegid();
  bool hasFiles = isolation->overlayCount > 0;
  *failedPath = 0;
  int kinds = (isolation->asUser ? CLONE_NEWUSER : 0) | (hasFiles ? CLONE_NEWNS : 0) |
              (isolation->hasNetwork ? CLONE_NEWNET : 0);
  if (unshare(kinds)) return "unshare";
  const char *failed = isolation->asUser ? mapIds(user, group) : NULL;
  // Else what is mounted here would be mounted for everybody.
  if (!failed && hasFiles && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) failed = failedAt("mount", "/");
  return failed;
}

const char *dropPrivileges(const Isolation *isolation) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  // They would let the process read and write files of its own whose modes forbid it.
  if (!isolation->asUser || geteuid() == 0) return NULL;
  return syscall(SYS_capset, &header, none) ? failedAt("capset", "") : NULL;
}
#endif
