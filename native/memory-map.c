#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "memory-map.h"

#ifdef __linux__
char *mapText;
static size_t mapCapacity;

/** mmap and not malloc: the heap's mappings must not move while they are listed. */
const char *readMap(void) {
  for (size_t capacity = mapCapacity ? mapCapacity : 4 << 20;; capacity *= 2) {
    if (capacity != mapCapacity) {
      if (mapText) munmap(mapText, mapCapacity);
      mapCapacity = 0;
      mapText = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (mapText == MAP_FAILED) return mapText = NULL, "mmap";
      mapCapacity = capacity;
    }
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return "open /proc/self/maps";
    size_t length = 0;
    ssize_t got;
    while (length < capacity - 1 && (got = read(fd, mapText + length, capacity - 1 - length)) != 0) {
      if (got > 0) length += got;
      else if (errno != EINTR) return close(fd), "read /proc/self/maps";
    }
    close(fd);
    mapText[length] = 0;
    if (length < capacity - 1) return NULL;
  }
}

bool nextPrivate(char **cursor, Mapping *mapping) {
  for (char *line = *cursor, *end; (end = strchr(line, '\n')); line = end + 1) {
    *cursor = end + 1;
    *end = 0;
    char *at;
    mapping->start = strtoul(line, &at, 16);
    mapping->end = strtoul(at + 1, &at, 16);
    const char *permissions = at + 1;
    const char *device = strchr(permissions + 5, ' ') + 1;
    unsigned long inode = strtoul(strchr(device, ' ') + 1, &at, 10);
    const char *name = at + strspn(at, " ");
    mapping->writable = permissions[1] == 'w';
    // A bracketed name is the kernel's own ([stack], [vdso]), except for memory that its owner has given a name.
    bool own = *name != '[' || strncmp(name, "[anon:", 6) == 0;
    mapping->isBreak = strncmp(name, "[heap]", 6) == 0;
    if (inode == 0 && permissions[3] == 'p' && (own || mapping->isBreak)) return true;
  }
  return false;
}

bool nextAnonymous(char **cursor, Mapping *mapping) {
  while (nextPrivate(cursor, mapping))
    if (!mapping->isBreak) return true;
  return false;
}

const char *keepMemoryInChild(void) {
  const char *failed = readMap();
  if (failed) return failed;
  Mapping range = {0}, next;
  for (char *cursor = mapText;;) {
    bool more = nextAnonymous(&cursor, &next);
    if (more && next.start == range.end) {
      range.end = next.end;
      continue;
    }
    // ENOMEM: a part is gone since it was listed (another thread unmapped it); the advice still reached the rest.
    if (range.end && madvise((void *)range.start, range.end - range.start, MADV_DOFORK) && errno != ENOMEM)
      return "madvise(MADV_DOFORK)";
    if (!more) return NULL;
    range = next;
  }
}
#endif
