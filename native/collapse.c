// Huge pages for what is resident.
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>
#include "addon.h"
#include "clock.h"
#include "memory-map.h"
#include "napi.h"

#ifdef __linux__
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
enum { HUGE = 2 << 20, SMALL = 4096, PER_HUGE = HUGE / SMALL };

/** `left` counts blocks that were not looked at because the time was up, and those that could not be collapsed just then. */
typedef struct {
  double collapsed, failed, left, until;
} Collapsing;

/** Collapses what is resident in half or more of its pages: an untouched block would only cost memory. */
static void collapseRange(unsigned long start, unsigned long end, Collapsing *result) {
  unsigned char resident[PER_HUGE];
  start = (start + HUGE - 1) & ~(HUGE - 1UL);
  end &= ~(HUGE - 1UL);
  for (unsigned long block = start; block < end; block += HUGE) {
    int pages = 0;
    if (nowMs() >= result->until) {
      result->left += (end - block) / HUGE;
      return;
    }
    if (mincore((void *)block, HUGE, resident)) continue;
    for (int i = 0; i < PER_HUGE; i++) pages += resident[i] & 1;
    if (pages < PER_HUGE / 2) continue;
    // Not MADV_HUGEPAGE first: it would part the mapping from its neighbours, and the kernel doesn't ask for it here.
    if (!madvise((void *)block, HUGE, MADV_COLLAPSE)) result->collapsed++;
    // Somebody holds on to a page for the moment, as a child does that is leaving.
    else if (errno == EAGAIN || errno == EBUSY) result->left++;
    else result->failed++;
  }
}
#endif

napi_value Collapse(napi_env env, napi_callback_info info) {
  napi_value values[2];
  double minBytes, budgetMs, began = nowMs(), counts[4] = {0};
  if (!readArguments(env, info, 2, values)) return NULL;
  NAPI(napi_get_value_double(env, values[0], &minBytes));
  NAPI(napi_get_value_double(env, values[1], &budgetMs));
#ifdef __linux__
  // With larger pages a huge page is larger too (512 MiB on arm64 with 64 KiB pages) and never pays here.
  if (sysconf(_SC_PAGESIZE) == SMALL) {
    const char *failed = readMap();
    if (failed) return fail(env, failed, errno);
    Mapping mapping;
    Collapsing result = {0, 0, 0, began + budgetMs};
    for (char *cursor = mapText; nextAnonymous(&cursor, &mapping);)
      if (mapping.writable && mapping.end - mapping.start >= minBytes)
        collapseRange(mapping.start, mapping.end, &result);
    counts[0] = result.collapsed, counts[2] = result.failed, counts[3] = result.left;
  }
#endif
  counts[1] = nowMs() - began;
  return listNumbers(env, 4, counts);
}
