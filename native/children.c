// What a parent does with a child of its own.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "addon.h"
#include "clock.h"
#include "napi.h"
#include "separation.h"

enum { SLICE_MS = 250 };

napi_value Collect(napi_env env, napi_callback_info info) {
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

napi_value Reap(napi_env env, napi_callback_info info) {
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

napi_value Kill(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int pid;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &pid));
  if (pid <= 0) return fail(env, "kill", EINVAL);
  kill(pid, SIGKILL);
  return NULL;
}
