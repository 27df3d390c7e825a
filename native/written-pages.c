// userfaultfd(2) in its asynchronous mode: the kernel marks a page when it is first written, and tells nobody until asked by
// the PAGEMAP_SCAN request. No signal, no thread; a first write costs the writer about a microsecond.
#define _GNU_SOURCE
#include "written-pages.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "memory-map.h"

bool addRange(PageRanges *to, uint64_t first, uint64_t end) {
  if (to->count > 0 && to->ranges[to->count - 1].end == first) {
    to->ranges[to->count - 1].end = end;
    return true;
  }
  if (to->count == to->room) {
    uint32_t room = to->room ? to->room * 2 : 256;
    PageRange *ranges = realloc(to->ranges, room * sizeof *ranges);
    if (!ranges) return false;
    to->ranges = ranges, to->room = room;
  }
  to->ranges[to->count++] = (PageRange){first, end};
  return true;
}

#if defined __linux__ && defined SYS_userfaultfd
// Spelled out: headers of distributions are older than kernels.
enum { USER_MODE_ONLY = 1, REGISTER_WP = 1 << 1, PROTECT = 1 };
static const uint64_t WP_UNPOPULATED = 1 << 13, WP_ASYNC = 1 << 15;
static const uint64_t IS_WATCHED = 1 << 0, IS_WRITTEN = 1 << 1, PROTECT_MATCHING = 1 << 0;

struct span {
  uint64_t start, length;
};
struct api {
  uint64_t api, features, ioctls;
};
struct registration {
  struct span range;
  uint64_t mode, ioctls;
};
struct protection {
  struct span range;
  uint64_t mode;
};
struct region {
  uint64_t start, end, categories;
};
struct scan {
  uint64_t size, flags, start, end, walkEnd, regions, regionCount, maxPages;
  uint64_t inverted, mask, anyOf, returned;
};
#define API_REQUEST _IOWR(0xAA, 0x3F, struct api)
#define REGISTER_REQUEST _IOWR(0xAA, 0x00, struct registration)
#define PROTECT_REQUEST _IOWR(0xAA, 0x06, struct protection)
#define SCAN_REQUEST _IOWR('f', 16, struct scan)

static int watcher = -1, pagemap = -1;
/** All that was ever watched lies in between. */
static uint64_t lowest = UINT64_MAX, highest = 0;

bool canWatchWrites(void) {
  static bool isAsked = false;
  if (isAsked) return watcher >= 0;
  isAsked = true;
  if (sysconf(_SC_PAGESIZE) != 1 << PAGE_BITS) return false;
  struct api api = {0xAA, WP_UNPOPULATED | WP_ASYNC, 0};
  int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY);
  pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  struct scan nothing = {.size = sizeof nothing};
  if (fd >= 0 && pagemap >= 0 && !ioctl(fd, API_REQUEST, &api) && !ioctl(pagemap, SCAN_REQUEST, &nothing)) watcher = fd;
  else if (fd >= 0) close(fd);
  return watcher >= 0;
}

static const char *scan(uint64_t start, uint64_t end, uint64_t flags, PageRanges *written, PageRanges *watched) {
  struct region regions[512];
  if (start < lowest) start = lowest;
  if (end > highest) end = highest;
  for (uint64_t at = start; at < end;) {
    struct scan request = {.size = sizeof request, .flags = flags, .start = at, .end = end, .mask = IS_WATCHED,
                           .returned = IS_WATCHED | IS_WRITTEN, .regions = (uint64_t)regions, .regionCount = 512};
    int count = ioctl(pagemap, SCAN_REQUEST, &request);
    if (count < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return "PAGEMAP_SCAN";
    }
    for (int i = 0; i < count; i++) {
      uint64_t first = regions[i].start >> PAGE_BITS, stop = regions[i].end >> PAGE_BITS;
      bool isWritten = written && regions[i].categories & IS_WRITTEN;
      if (!addRange(watched, first, stop) || (isWritten && !addRange(written, first, stop))) return "realloc";
    }
    if (request.walkEnd <= at) break;
    at = request.walkEnd;
  }
  return NULL;
}

static const char *scanAll(const PageRanges *where, uint64_t flags, PageRanges *written, PageRanges *watched) {
  // One call for each range: for many, one for all of them is faster, though it goes through all pages.
  enum { MANY = 512 };
  watched->count = 0;
  if (written) written->count = 0;
  if (!where || where->count > MANY) return scan(lowest, highest, flags, written, watched);
  const char *failed = NULL;
  for (uint32_t i = 0; i < where->count && !failed; i++)
    failed = scan(where->ranges[i].first << PAGE_BITS, where->ranges[i].end << PAGE_BITS, flags, written, watched);
  return failed;
}

const char *takeWritten(const PageRanges *where, PageRanges *written, PageRanges *watched) {
  return scanAll(where, PROTECT_MATCHING, written, watched);
}

const char *listWatched(const PageRanges *where, PageRanges *watched) { return scanAll(where, 0, NULL, watched); }

static const char *watch(uint64_t start, uint64_t end) {
  struct registration registration = {{start, end - start}, REGISTER_WP, 0};
  struct protection protection = {{start, end - start}, PROTECT};
  if (ioctl(watcher, REGISTER_REQUEST, &registration)) return errno == EINVAL || errno == EBUSY ? NULL : "UFFDIO_REGISTER";
  while (ioctl(watcher, PROTECT_REQUEST, &protection))
    if (errno != EAGAIN && errno != EINTR) return "UFFDIO_WRITEPROTECT";
  if (start < lowest) lowest = start;
  if (end > highest) highest = end;
  return NULL;
}

const char *watchWrites(const PageRanges *pages) {
  if (pages->count == 0) return NULL;
  const char *failed = readMap();
  if (failed) return failed;
  uint32_t i = 0;
  Mapping mapping;
  for (char *cursor = mapText; i < pages->count && nextPrivate(&cursor, &mapping);) {
    if (!mapping.writable) continue;
    while (i < pages->count && pages->ranges[i].end << PAGE_BITS <= mapping.start) i++;
    for (uint32_t k = i; k < pages->count && pages->ranges[k].first << PAGE_BITS < mapping.end; k++) {
      uint64_t start = pages->ranges[k].first << PAGE_BITS, end = pages->ranges[k].end << PAGE_BITS;
      if (start < mapping.start) start = mapping.start;
      if (end > mapping.end) end = mapping.end;
      failed = watch(start, end);
      if (failed) return failed;
    }
  }
  return NULL;
}
const char *listConstant(PageRanges *constant) {
  const char *failed = readMap();
  if (failed) return failed;
  Mapping mapping;
  constant->count = 0;
  for (char *cursor = mapText; nextAnonymous(&cursor, &mapping);)
    if (!mapping.writable && !addRange(constant, mapping.start >> PAGE_BITS, mapping.end >> PAGE_BITS)) return "realloc";
  return NULL;
}
#else
bool canWatchWrites(void) { return false; }
const char *watchWrites(const PageRanges *pages) { return (void)pages, "userfaultfd"; }
const char *takeWritten(const PageRanges *where, PageRanges *written, PageRanges *watched) {
  return (void)where, (void)written, (void)watched, "userfaultfd";
}
const char *listWatched(const PageRanges *where, PageRanges *watched) {
  return (void)where, (void)watched, "userfaultfd";
}
const char *listConstant(PageRanges *constant) { return (void)constant, "userfaultfd"; }
#endif
