#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>
#include "addon.h"
#include "messages.h"
#include "napi.h"

bool writeAll(int fd, const char *at, size_t left, int waitMs) {
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

napi_value Send(napi_env env, napi_callback_info info) {
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

napi_value Receive(napi_env env, napi_callback_info info) {
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
