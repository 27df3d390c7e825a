// What every call from JavaScript needs of Node-API: arguments, lists, errors.
#pragma once
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

enum { MAX_DESCRIPTORS = 64 };

typedef struct {
  uint32_t count;
  int fds[MAX_DESCRIPTORS];
} Descriptors;

/**
 * Throws an Error whose code is the errno's name; returns NULL. `error` is an errno or, from libuv, the same number
 * negated.
 */
napi_value fail(napi_env env, const char *call, int error);

/** Throws what Node-API says about its last call, unless an exception is pending already; returns NULL. */
napi_value failNapi(napi_env env, const char *call);

/** A call of Node-API in a function that returns a napi_value: when it fails, the function throws and returns. */
#define NAPI(call)                                                                                                     \
  if ((call) != napi_ok) return failNapi(env, #call)

/** False, with an exception pending, when there are fewer arguments than that. */
bool readArguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *values);

/** False, with an exception pending, when the list holds anything but numbers, or more than MAX_DESCRIPTORS. */
bool readDescriptors(napi_env env, napi_value list, Descriptors *fds);

/** NULL, with an exception pending, when the list can't be made. */
napi_value listNumbers(napi_env env, int count, const double *numbers);
