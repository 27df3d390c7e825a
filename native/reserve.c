// Address space without memory behind it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "addon.h"
#include "memory-map.h"
#include "napi.h"

#ifdef __linux__
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/** Whether the range, which is free, is now reserved. */
static bool reserveRange(unsigned long start, unsigned long end) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  void *got = mmap((void *)start, end - start, PROT_NONE, flags, -1, 0);
  if (got == (void *)start) return true;
  // Kernels before 4.17 take the address for a wish.
  if (got != MAP_FAILED) munmap(got, end - start);
  return false;
}
#endif

napi_value Reserve(napi_env env, napi_callback_info info) {
  napi_value values[2], bytes;
  double from, to, reserved = 0;
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_double(env, values[0], &from));
  NAPI(napi_get_value_double(env, values[1], &to));
#ifdef __linux__
  const char *failed = readMap();
  if (failed) return fail(env, failed, errno);
  unsigned long at = (unsigned long)from, end = (unsigned long)to;
  for (char *line = mapText; at < end;) {
    char *rest = line;
    unsigned long start = *line ? strtoul(line, &rest, 16) : end, next = *line ? strtoul(rest + 1, &rest, 16) : end;
    if (start > end) start = end;
    if (start > at && reserveRange(at, start)) reserved += start - at;
    if (next > at) at = next;
    line = strchr(rest, '\n');
    line = line ? line + 1 : "";
  }
#endif
  NAPI(napi_create_double(env, reserved, &bytes));
  return bytes;
}
