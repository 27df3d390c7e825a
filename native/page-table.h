// One recording's log: on which pages what it has noted stands.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "written-pages.h"

enum { NONE = UINT32_MAX };

typedef struct {
  uint64_t page;
  /** The first of its pairs, and the round in which it was last found written. */
  uint32_t pair, round;
  bool isPending, isConstant;
} Page;

typedef struct {
  uint32_t unit, next;
} Pair;

/** What one recording watches. All logs share the kernel's marks: who takes them gives the others theirs. */
typedef struct Log {
  struct Log *next;
  Page *pages;
  Pair *pairs;
  uint32_t *pending;
  /** Pages that may not be watched: something was noted on them, or they were lost, since, or they can't be. */
  uint64_t *fresh;
  /** What was watched when the log last looked, and the pages that it has taken in the present round. */
  PageRanges watched, taken;
  uint32_t pageCount, pageRoom, pairCount, pairRoom, pendingCount, pendingRoom, freshCount, freshRoom, round, freePair;
  bool hasFailed;
  /** Pages of the present round are about to be noted again, and nothing of them has been yet. */
  bool isBeginning;
} Log;

/** Where V8 keeps empty arrays and the like, which many objects have in common: what changes an object gives it another one. */
extern PageRanges constantPages;

bool isIn(const PageRanges *ranges, uint64_t page);

/** For sorting numbers of pages. */
int comparePages(const void *a, const void *b);

/** Where the page stands in the table, or would. Only of a table that has room. */
uint32_t slotOf(const Log *log, uint64_t page);

bool addFresh(Log *log, uint64_t page);

/** Notes that the unit stands on the page. Without memory `hasFailed` is set. */
void addPair(Log *log, uint64_t page, uint32_t unit);

/** What stands on the page is to be looked at. */
void setPending(Log *log, uint32_t slot);
