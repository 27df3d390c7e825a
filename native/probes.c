// What is asked before fork(2), and for the summary.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <sys/ioctl.h>
#include <sys/syscall.h>
#endif
#include "addon.h"
#include "addresses.h"
#include "descriptors.h"
#include "napi.h"

napi_value ActiveRequests(napi_env env, napi_callback_info info) {
  (void)info;
  uv_loop_t *loop;
  napi_value count;
  NAPI(napi_get_uv_event_loop(env, &loop));
  NAPI(napi_create_uint32(env, loop->active_reqs.count, &count));
  return count;
}

napi_value Threads(napi_env env, napi_callback_info info) {
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

napi_value Connections(napi_env env, napi_callback_info info) {
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

napi_value ResidentBytes(napi_env env, napi_callback_info info) {
  (void)info;
  size_t bytes;
  napi_value value;
  int error = uv_resident_set_memory(&bytes);
  if (error) return fail(env, "uv_resident_set_memory", error);
  NAPI(napi_create_double(env, bytes, &value));
  return value;
}

napi_value Pid(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value value;
  NAPI(napi_create_int32(env, getpid(), &value));
  return value;
}
