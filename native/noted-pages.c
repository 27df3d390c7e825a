#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "addon.h"
#include "memory-map.h"
#include "napi.h"
#include "noted-pages.h"

#ifdef __linux__
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
enum { NOTES = 8192, RANGE_PAGES = 2048 };

/** The number of notes, then each: page number << 12 | (number of pages - 1) << 1 | whether it was written. */
static uint64_t *notes;

unsigned int pagesToNote;

void shareNotes(void) {
  if (notes || sysconf(_SC_PAGESIZE) != 4096) return;
  notes = mmap(NULL, NOTES * sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (notes == MAP_FAILED) notes = NULL;
}

static void notePages(int pagemap, unsigned long start, unsigned long end, uint64_t *count) {
  const uint64_t present = 1ULL << 63, ofFile = 1ULL << 61, own = 1ULL << 56;
  uint64_t entries[512];
  for (unsigned long page = start / 4096; page < end / 4096;) {
    ssize_t got = pread(pagemap, entries, sizeof entries, page * sizeof *entries);
    if (got < (ssize_t)sizeof *entries) return;
    for (ssize_t i = 0; i < got / (ssize_t)sizeof *entries && page < end / 4096; i++, page++) {
      bool isWritten = !(entries[i] & ofFile);
      if (!(entries[i] & present) || (isWritten && !(entries[i] & own))) continue;
      if (pagesToNote == 0) return;
      if (isWritten) pagesToNote--;
      uint64_t last = *count ? notes[*count] : 0;
      if (*count && (last >> 12) + (last >> 1 & (RANGE_PAGES - 1)) + 1 == page && (last & 1) == isWritten &&
          (last >> 1 & (RANGE_PAGES - 1)) < RANGE_PAGES - 1)
        notes[*count] = last + 2;
      else if (*count + 1 < NOTES) notes[++*count] = page << 12 | isWritten;
    }
  }
}

void noteTouched(void) {
  if (!notes || !pagesToNote) return;
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0 || readMap()) return;
  uint64_t count = 0;
  notes[0] = 0;
  for (char *line = mapText, *next; pagesToNote && (next = strchr(line, '\n')); line = next + 1) {
    char *at;
    unsigned long start = strtoul(line, &at, 16), end = strtoul(at + 1, &at, 16);
    // Not what is only reserved, shared, or the kernel's own.
    if (at[1] == 'r' && at[4] == 'p' && end < 1UL << 47 && end - start < 1UL << 32)
      notePages(pagemap, start, end, &count);
  }
  notes[0] = count;
}

/** Makes the noted pages ready, until there is something to read. Returns the number of ranges. */
static unsigned int touchNoted(int fd) {
  struct pollfd readable = {fd, POLLIN, 0};
  unsigned int i = 0;
  for (; i < notes[0] && i + 1 < NOTES; i++) {
    if (i % 16 == 0 && poll(&readable, 1, 0) != 0) break;
    uint64_t range = notes[i + 1];
    size_t size = ((range >> 1 & (RANGE_PAGES - 1)) + 1) * 4096;
    // It fails where the memory is no more what it was, and on kernels before 5.14.
    madvise((void *)(range >> 12 << 12), size, range & 1 ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
  }
  return i;
}
#endif

napi_value NoteAtFinish(napi_env env, napi_callback_info info) {
  napi_value values[1];
  uint32_t pages;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_uint32(env, values[0], &pages));
#ifdef __linux__
  pagesToNote = pages;
#endif
  return NULL;
}

napi_value TouchNoted(napi_env env, napi_callback_info info) {
  napi_value values[1], ranges;
  int fd;
  uint32_t count = 0;
  if (!readArguments(env, info, 1, values)) return NULL;
  NAPI(napi_get_value_int32(env, values[0], &fd));
#ifdef __linux__
  if (notes) count = touchNoted(fd);
#endif
  NAPI(napi_create_uint32(env, count, &ranges));
  return ranges;
}
