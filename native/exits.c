#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include "addon.h"
#include "exits.h"
#include "messages.h"
#include "napi.h"
#include "noted-pages.h"

void dieBroken(const char *call, int error) {
  dprintf(2, "forkpoint: %s failed in a child: %s\n", call, strerror(abs(error)));
  _exit(EXIT_BROKEN);
}

static uv_prepare_t loopGuard;

static void endAtLoop(uv_prepare_t *handle) {
  (void)handle;
  _exit(EXIT_LOST);
}

/** While guarded, a turn of the event loop ends the process before it reads from any descriptor. */
napi_value GuardLoop(napi_env env, napi_callback_info info) {
  napi_value values[1];
  bool guarded;
  uv_loop_t *loop;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_bool(env, values[0], &guarded));
  NAPI(napi_get_uv_event_loop(env, &loop));
  if (guarded && !loopGuard.loop) uv_prepare_init(loop, &loopGuard);
  if (guarded) uv_prepare_start(&loopGuard, endAtLoop);
  else uv_prepare_stop(&loopGuard);
  uv_unref((uv_handle_t *)&loopGuard);
  uv_update_time(loop);
  return NULL;
}

napi_value Finish(napi_env env, napi_callback_info info) {
  napi_value values[3];
  int fd, code;
  void *data;
  size_t left;
  if (!readArguments(env, info, 3, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
  NAPI(napi_get_buffer_info(env, values[1], &data, &left));
  NAPI(napi_get_value_int32(env, values[2], &code));
  if (!writeAll(fd, data, left, -1)) dieBroken("write of the result", errno);
  // Else whoever adopts them has them for as long as it lives.
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
#ifdef SYS_close_range
  // What the process holds is let go of before its end is seen, which is when the result pipe closes: the kernel closes
  // descriptors only after it has taken the memory apart, and a port or a lock must be free for the next test.
  bool isClosed = fd <= 3 || syscall(SYS_close_range, 3, fd - 1, 0) == 0;
  if (isClosed && syscall(SYS_close_range, fd + 1, ~0U, 0) == 0) {
    close(fd);
    noteTouched();
  }
#endif
  _exit(code);
}

napi_value Exit(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int code;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &code));
  _exit(code);
}

napi_value DieWithParent(napi_env env, napi_callback_info info) {
  (void)info;
#ifdef __linux__
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return fail(env, "prctl(PR_SET_PDEATHSIG)", errno);
#else
  (void)env;
#endif
  return NULL;
}
