#include "page-table.h"
#include <stdlib.h>

PageRanges constantPages;

bool isIn(const PageRanges *ranges, uint64_t page) {
  uint32_t from = 0, to = ranges->count;
  while (from < to) {
    uint32_t middle = from + (to - from) / 2;
    if (ranges->ranges[middle].end <= page) from = middle + 1;
    else to = middle;
  }
  return from < ranges->count && ranges->ranges[from].first <= page;
}

int comparePages(const void *a, const void *b) {
  uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
  return (one > other) - (one < other);
}

uint32_t slotOf(const Log *log, uint64_t page) {
  uint32_t slot = (uint32_t)((page * 0x9E3779B97F4A7C15ULL) >> 32) & (log->pageRoom - 1);
  while (log->pages[slot].page != 0 && log->pages[slot].page != page) slot = (slot + 1) & (log->pageRoom - 1);
  return slot;
}

static bool growPages(Log *log) {
  uint32_t oldRoom = log->pageRoom, room = oldRoom ? oldRoom * 2 : 1024;
  Page *old = log->pages, *pages = calloc(room, sizeof *pages);
  if (!pages) return false;
  log->pages = pages, log->pageRoom = room;
  for (uint32_t i = 0; i < oldRoom; i++)
    if (old[i].page) pages[slotOf(log, old[i].page)] = old[i];
  free(old);
  // Slots have moved: pages that are pending are listed anew.
  log->pendingCount = 0;
  for (uint32_t i = 0; i < room; i++)
    if (pages[i].isPending) log->pending[log->pendingCount++] = i;
  return true;
}

bool addFresh(Log *log, uint64_t page) {
  if (log->freshCount == log->freshRoom) {
    uint32_t room = log->freshRoom ? log->freshRoom * 2 : 1024;
    uint64_t *fresh = realloc(log->fresh, room * sizeof *fresh);
    if (!fresh) return false;
    log->fresh = fresh, log->freshRoom = room;
  }
  log->fresh[log->freshCount++] = page;
  return true;
}

static Page *pageOf(Log *log, uint64_t page) {
  if (log->pageCount * 2 >= log->pageRoom && !growPages(log)) return NULL;
  Page *entry = &log->pages[slotOf(log, page)];
  if (entry->page != 0) return entry;
  *entry = (Page){.page = page, .pair = NONE, .round = log->round, .isConstant = isIn(&constantPages, page)};
  log->pageCount++;
  return entry;
}

void addPair(Log *log, uint64_t number, uint32_t unit) {
  Page *page = pageOf(log, number);
  if (!page) {
    log->hasFailed = true;
    return;
  }
  if (page->isConstant) return;
  if (page->pair == NONE && !addFresh(log, number)) log->hasFailed = true;
  // A page that was emptied, or is new, gets the parts of one unit one after the other; any other may have it somewhere.
  uint32_t looks = page->round == log->round ? 1 : UINT32_MAX;
  for (uint32_t pair = page->pair; pair != NONE && looks > 0; pair = log->pairs[pair].next, looks--)
    if (log->pairs[pair].unit == unit) return;
  if (log->freePair != NONE) {
    uint32_t reused = log->freePair;
    log->freePair = log->pairs[reused].next;
    log->pairs[reused] = (Pair){unit, page->pair};
    page->pair = reused;
    return;
  }
  if (log->pairCount == log->pairRoom) {
    uint32_t room = log->pairRoom ? log->pairRoom * 2 : 4096;
    Pair *pairs = realloc(log->pairs, room * sizeof *pairs);
    if (!pairs) {
      log->hasFailed = true;
      return;
    }
    log->pairs = pairs, log->pairRoom = room;
  }
  log->pairs[log->pairCount] = (Pair){unit, page->pair};
  page->pair = log->pairCount++;
}

void setPending(Log *log, uint32_t slot) {
  if (log->pages[slot].isPending) return;
  if (log->pendingCount == log->pendingRoom) {
    uint32_t room = log->pendingRoom ? log->pendingRoom * 2 : 1024;
    uint32_t *pending = realloc(log->pending, room * sizeof *pending);
    if (!pending) {
      log->hasFailed = true;
      return;
    }
    log->pending = pending, log->pendingRoom = room;
  }
  log->pages[slot].isPending = true;
  log->pending[log->pendingCount++] = slot;
}
