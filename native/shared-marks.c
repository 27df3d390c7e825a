#include "shared-marks.h"
#include <stdlib.h>
#include <string.h>

Log *logs;
/** As the last look has found them. */
static PageRanges found, watched;

static void giveFound(const Log *own) {
  for (uint32_t i = 0; i < found.count; i++)
    for (uint64_t page = found.ranges[i].first; page < found.ranges[i].end; page++)
      for (Log *log = logs; log; log = log->next) {
        if (log->pageRoom == 0) continue;
        uint32_t slot = slotOf(log, page);
        if (log->pages[slot].page == 0) continue;
        if (log == own && log->pages[slot].round == log->round) continue;
        setPending(log, slot);
      }
}

const char *spread(void) {
  const char *failed = takeWritten(NULL, &found, &watched);
  if (!failed) giveFound(NULL);
  return failed;
}

const char *spreadTaken(Log *own) {
  // One that has taken nothing yet begins with marks of before: they are not about what it notes.
  const char *failed = takeWritten(own->round == 0 ? NULL : &own->taken, &found, &watched);
  if (!failed) giveFound(own);
  return failed;
}

/**
 * Pages that are about to be watched anew. Who has noted something there before has lost them: they were unmapped, and what
 * was written to them until then is not known any more. `fresh` pages of `own` are only just noted.
 */
static void spreadLost(const PageRanges *pages, const Log *own) {
  for (uint32_t i = 0; i < pages->count; i++)
    for (uint64_t page = pages->ranges[i].first; page < pages->ranges[i].end; page++)
      for (Log *log = logs; log; log = log->next) {
        if (log->pageRoom == 0) continue;
        uint32_t slot = slotOf(log, page);
        if (log->pages[slot].page == 0 || log->pages[slot].pair == NONE) continue;
        if (log == own && bsearch(&page, own->fresh, own->freshCount, sizeof page, comparePages)) continue;
        setPending(log, slot);
      }
}

const char *watchFresh(Log *log) {
  enum { CHUNK = 64 };
  if (log->freshCount == 0) return NULL;
  PageRanges wanted = {0}, around = {0};
  uint64_t last = UINT64_MAX;
  qsort(log->fresh, log->freshCount, sizeof *log->fresh, comparePages);
  const char *failed = NULL;
  for (uint32_t i = 0; i < log->freshCount && !failed; i++) {
    uint64_t chunk = log->fresh[i] / CHUNK;
    if (chunk != last && !addRange(&around, chunk * CHUNK, (chunk + 1) * CHUNK)) failed = "realloc";
    last = chunk;
  }
  if (!failed) failed = listWatched(&around, &watched);
  free(around.ranges);
  last = UINT64_MAX;
  for (uint32_t i = 0; i < log->freshCount && !failed; i++) {
    uint64_t chunk = log->fresh[i] / CHUNK, first = chunk * CHUNK, start = first;
    if (chunk == last || isIn(&watched, log->fresh[i])) continue;
    last = chunk;
    // What of it is watched keeps its marks.
    for (uint64_t page = first; page <= first + CHUNK && !failed; page++) {
      bool isEnd = page == first + CHUNK || isIn(&watched, page);
      if (isEnd && page > start && !addRange(&wanted, start, page)) failed = "realloc";
      if (isEnd) start = page + 1;
    }
  }
  bool isComplete = wanted.count == 0;
  if (!failed && !isComplete) {
    spreadLost(&wanted, log);
    failed = watchWrites(&wanted);
  }
  free(wanted.ranges);
  if (failed) return failed;
  if (isComplete) {
    log->freshCount = 0;
    return NULL;
  }
  failed = listWatched(NULL, &log->watched);
  // What can't be watched, shared memory for one, is tried again each time, and counts as written meanwhile.
  uint32_t kept = 0;
  for (uint32_t i = 0; i < log->freshCount && !failed; i++) {
    uint64_t page = log->fresh[i];
    bool isKnown = kept > 0 && log->fresh[kept - 1] == page;
    if (isKnown || isIn(&log->watched, page) || log->pages[slotOf(log, page)].pair == NONE) continue;
    log->fresh[kept++] = page;
  }
  log->freshCount = kept;
  return failed;
}

const char *findUnmapped(Log *log) {
  for (uint32_t i = 0; i < log->freshCount; i++) setPending(log, slotOf(log, log->fresh[i]));
  size_t size = watched.count * sizeof *watched.ranges;
  if (watched.count == log->watched.count && !memcmp(watched.ranges, log->watched.ranges, size)) return NULL;
  for (uint32_t i = 0; i < log->pageRoom; i++) {
    const Page *page = &log->pages[i];
    if (page->page == 0 || page->pair == NONE || isIn(&watched, page->page)) continue;
    setPending(log, i);
    if (!addFresh(log, page->page)) return "realloc";
  }
  log->watched.count = 0;
  for (uint32_t i = 0; i < watched.count; i++)
    if (!addRange(&log->watched, watched.ranges[i].first, watched.ranges[i].end)) return "realloc";
  return NULL;
}
