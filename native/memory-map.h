// The mappings of this process (Linux).
#pragma once
#include <stdbool.h>

/** What readMap has read: /proc/self/maps, which the caller may take apart, until it is read again. */
extern char *mapText;

/** Reads /proc/self/maps whole. Returns NULL, or what failed. */
const char *readMap(void);

typedef struct {
  unsigned long start, end;
  bool writable;
  /** What brk(2) has given the C library. */
  bool isBreak;
} Mapping;

/** The next private anonymous mapping from *cursor on. A line reads "start-end rw-p offset device inode   [name]". */
bool nextAnonymous(char **cursor, Mapping *mapping);

/** The same, with that of brk(2). */
bool nextPrivate(char **cursor, Mapping *mapping);

/**
 * V8 marks its pages MADV_DONTFORK, and a child without them crashes at once. Undone for all private anonymous memory;
 * from here to fork(2) nothing may allocate on V8's heap, because a page added later would be marked again.
 * Returns NULL, or what failed.
 */
const char *keepMemoryInChild(void);
