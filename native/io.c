// One call each on a descriptor, whatever that stands for.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include "addon.h"
#include "descriptors.h"
#include "napi.h"

napi_value Poll(napi_env env, napi_callback_info info) {
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

napi_value Read(napi_env env, napi_callback_info info) {
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

napi_value WriteSome(napi_env env, napi_callback_info info) {
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

/** A file without a name, to which all processes that have it append. */
napi_value TemporaryFile(napi_env env, napi_callback_info info) {
  (void)info;
  char path[] = P_tmpdir "/forkpoint-XXXXXX";
  napi_value value;
#ifdef SYS_memfd_create
  int fd = syscall(SYS_memfd_create, "forkpoint", 1 /* MFD_CLOEXEC */);
#else
  int fd = -1;
#endif
  if (fd < 0) {
    // Where there is no file in memory: one on the disk that has no name any more. mkstemp(3) replaces the last letters.
    fd = mkstemp(path);
    if (fd < 0) return fail(env, "mkstemp", errno);
    unlink(path);
  }
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_APPEND);
  noteTemporary(fd, true);
  NAPI(napi_create_int32(env, fd, &value));
  return value;
}

napi_value Redirect(napi_env env, napi_callback_info info) {
  napi_value values[2];
  int from, to;
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &from));
  NAPI(napi_get_value_int32(env, values[1], &to));
  if (dup2(to, from) < 0) return fail(env, "dup2", errno);
  return NULL;
}

napi_value Close(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int fd;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  noteTemporary(fd, false);
  close(fd);
  return NULL;
}
