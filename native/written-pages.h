// Which pages of memory have been written, as the kernel sees it (Linux 6.7 and later).
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { PAGE_BITS = 12 };

/** Numbers of pages: from `first` on, `end` not included. */
typedef struct {
  uint64_t first, end;
} PageRange;

typedef struct {
  PageRange *ranges;
  uint32_t count, room;
} PageRanges;

/** Whether this kernel and this process can. Asked once. */
bool canWatchWrites(void);

/**
 * From here on writes to these pages are noticed, as far as they are private, anonymous and writable. Pages that were
 * watched already stay as they are. NULL, or what failed.
 */
const char *watchWrites(const PageRanges *pages);

/**
 * Pages watched and written since the last call; the question and the fresh start are one step. All pages that are watched now
 * come with it: what was unmapped since, or mapped anew, is not among them. NULL, or what failed.
 *
 * @param where ordered; NULL: everywhere. A few pages are asked for in less time than all.
 */
const char *takeWritten(const PageRanges *where, PageRanges *written, PageRanges *watched);

/** As `takeWritten`, but leaves the marks. */
const char *listWatched(const PageRanges *where, PageRanges *watched);

/** All pages that are private, anonymous and can't be written: V8 has its constants there. NULL, or what failed. */
const char *listConstant(PageRanges *constant);

/** Adds to the end; false when there is no memory. */
bool addRange(PageRanges *to, uint64_t first, uint64_t end);
