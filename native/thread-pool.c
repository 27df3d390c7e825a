#include <stdbool.h>
#include <uv.h>
#include "addon.h"
#include "napi.h"

static uv_work_t request;
static bool queued;

static void work(uv_work_t *request) { (void)request; }

static void done(uv_work_t *request, int status) {
  (void)request;
  (void)status;
  queued = false;
}

/** libuv starts all threads of its pool with the first piece of work, before it returns: this one does nothing. */
napi_value StartThreadPool(napi_env env, napi_callback_info info) {
  (void)info;
  uv_loop_t *loop;
  NAPI(napi_get_uv_event_loop(env, &loop));
  if (queued) return NULL;
  int error = uv_queue_work(loop, &request, work, done);
  if (error) return fail(env, "uv_queue_work", error);
  queued = true;
  return NULL;
}
