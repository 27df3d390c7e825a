#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>
#include "napi.h"

napi_value fail(napi_env env, const char *call, int error) {
  char code[32] = "ECHILD", message[256];
  // ECHILD is the one errno used here that libuv has no name for.
  if (error != ECHILD) uv_err_name_r(-abs(error), code, sizeof code);
  snprintf(message, sizeof message, "%s failed: %s, %s", call, code, strerror(abs(error)));
  napi_throw_error(env, code, message);
  return NULL;
}

napi_value failNapi(napi_env env, const char *call) {
  const napi_extended_error_info *info = NULL;
  bool pending = false;
  napi_get_last_error_info(env, &info);
  char message[256];
  snprintf(message, sizeof message, "%s: %s", call, info && info->error_message ? info->error_message : "failed");
  if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) napi_throw_error(env, NULL, message);
  return NULL;
}

bool readArguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *values) {
  size_t count = wanted;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) == napi_ok && count >= wanted) return true;
  napi_throw_type_error(env, NULL, "too few arguments");
  return false;
}

bool readDescriptors(napi_env env, napi_value list, Descriptors *fds) {
  napi_value item;
  if (napi_get_array_length(env, list, &fds->count) != napi_ok) return failNapi(env, "napi_get_array_length"), false;
  if (fds->count > MAX_DESCRIPTORS) return fail(env, "fork", E2BIG), false;
  for (uint32_t i = 0; i < fds->count; i++)
    if (napi_get_element(env, list, i, &item) != napi_ok || napi_get_value_int32(env, item, &fds->fds[i]) != napi_ok)
      return failNapi(env, "napi_get_value_int32"), false;
  return true;
}

napi_value listNumbers(napi_env env, int count, const double *numbers) {
  napi_value list, value;
  NAPI(napi_create_array_with_length(env, count, &list));
  for (int i = 0; i < count; i++) {
    NAPI(napi_create_double(env, numbers[i], &value));
    NAPI(napi_set_element(env, list, i, value));
  }
  return list;
}
