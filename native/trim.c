// What the C library keeps for reuse.
#include <stdlib.h>
#include "addon.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

napi_value Trim(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  return NULL;
}
