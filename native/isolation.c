// A child with parts of the system to itself.
#define _GNU_SOURCE
#include "isolation.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>
#include "addon.h"
#include "napi.h"

#ifdef __linux__
/** NULL, or the call that failed. */
static const char *isolate(const Isolation *isolation) {
  const char *failed = enterNamespaces(isolation);
  if (!failed && isolation->hasNetwork) failed = startLoopback();
  if (!failed && isolation->overlayCount > 0) failed = mountOverlays(isolation);
  return failed ? failed : dropPrivileges(isolation);
}

static bool readText(napi_env env, napi_value value, char **text) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return false;
  *text = malloc(length + 1);
  return *text && napi_get_value_string_utf8(env, value, *text, length + 1, &length) == napi_ok;
}

static bool readTexts(napi_env env, napi_value list, char ***texts, size_t *count) {
  uint32_t length;
  napi_value item;
  if (napi_get_array_length(env, list, &length) != napi_ok) return false;
  *texts = calloc(length + 1, sizeof **texts);
  for (*count = 0; *texts && *count < length; (*count)++)
    if (napi_get_element(env, list, *count, &item) != napi_ok || !readText(env, item, &(*texts)[*count])) return false;
  return *texts;
}

static void freeIsolation(Isolation *isolation) {
  for (size_t i = 0; isolation->overlays && isolation->overlays[i]; i++) free(isolation->overlays[i]);
  for (size_t i = 0; isolation->binds && isolation->binds[i]; i++) free(isolation->binds[i]);
  free(isolation->overlays);
  free(isolation->binds);
  free(isolation->at);
}

/** False, with an exception pending, when the arguments are not what they should be. */
static bool readIsolation(napi_env env, napi_callback_info info, Isolation *isolation) {
  napi_value values[5];
  *isolation = (Isolation){0};
  if (!readArguments(env, info, 5, values)) return false;
  bool isRead = napi_get_value_bool(env, values[0], &isolation->asUser) == napi_ok &&
                napi_get_value_bool(env, values[1], &isolation->hasNetwork) == napi_ok &&
                readText(env, values[2], &isolation->at) &&
                readTexts(env, values[3], &isolation->overlays, &isolation->overlayCount) &&
                readTexts(env, values[4], &isolation->binds, &isolation->bindCount);
  if (!isRead) freeIsolation(isolation), failNapi(env, "isolate");
  return isRead;
}

typedef struct {
  int error;
  char call[32], path[2048];
} Failure;

static void describe(const char *call, Failure *failure) {
  failure->error = errno;
  snprintf(failure->call, sizeof failure->call, "%s", call);
  snprintf(failure->path, sizeof failure->path, "%.2000s", failedPath);
}

static napi_value listFailure(napi_env env, const Failure *failure) {
  napi_value list, part;
  char code[32];
  uv_err_name_r(-failure->error, code, sizeof code);
  const char *parts[3] = {failure->call, code, failure->path};
  NAPI(napi_create_array_with_length(env, 3, &list));
  for (int i = 0; i < 3; i++) {
    NAPI(napi_create_string_utf8(env, parts[i], NAPI_AUTO_LENGTH, &part));
    NAPI(napi_set_element(env, list, i, part));
  }
  return list;
}

napi_value Isolate(napi_env env, napi_callback_info info) {
  Isolation isolation;
  Failure failure = {0};
  if (!readIsolation(env, info, &isolation)) return NULL;
  double folders[1 + MAX_OVERLAYS];
  const char *failed = notePaths();
  if (!failed) failed = isolate(&isolation);
  if (!failed && isolation.overlayCount > 0) failed = reopenFiles();
  if (failed) describe(failed, &failure);
  size_t count = isolation.overlayCount;
  freeIsolation(&isolation);
  if (failed) return listFailure(env, &failure);
  folders[0] = changesFolder;
  for (size_t i = 0; i < count; i++) folders[1 + i] = lowerFolders[i];
  return listNumbers(env, 1 + count, folders);
}

/** In a process that ends at once, and has nothing of V8. */
napi_value TryIsolation(napi_env env, napi_callback_info info) {
  Isolation isolation;
  Failure failure = {0};
  int ends[2];
  if (!readIsolation(env, info, &isolation)) return NULL;
  int error = uv_pipe(ends, 0, 0);
  if (error) return freeIsolation(&isolation), fail(env, "pipe", error);
  pid_t pid = fork();
  if (pid == 0) {
    const char *failed = isolate(&isolation);
    if (failed) describe(failed, &failure);
    // What does not get there counts as a failure without a name.
    _exit(write(ends[1], &failure, sizeof failure) == sizeof failure ? 0 : 1);
  }
  error = errno;
  close(ends[1]);
  freeIsolation(&isolation);
  ssize_t got = pid < 0 ? -1 : read(ends[0], &failure, sizeof failure);
  close(ends[0]);
  if (pid < 0) return fail(env, "fork", error);
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  if (got != sizeof failure) failure = (Failure){EPIPE, "fork", ""};
  return failure.error ? listFailure(env, &failure) : NULL;
}

#else
napi_value Isolate(napi_env env, napi_callback_info info) { return (void)info, fail(env, "unshare", ENOSYS); }
napi_value TryIsolation(napi_env env, napi_callback_info info) { return (void)info, fail(env, "unshare", ENOSYS); }
#endif
