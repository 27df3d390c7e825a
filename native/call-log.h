// The log of the system calls of a process, and of all that it starts (Linux on x64 and arm64).
// It is in memory that the process shares with its parent, who can read it whatever became of the process.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_CALLS = 4096, MAX_TEXT = 512 };

/** What stands at a path; `kind` is 0 for nothing, and for what can't be looked at. */
typedef struct {
  uint32_t kind;
  uint32_t mode;
  uint64_t inode, size;
  int64_t modified, changed;
} FileState;

typedef struct {
  int32_t number, pid;
  /** The process that it was started by, as far as that is a child of the watched one; else the process itself. */
  int32_t root;
  /** Made by the thread that JavaScript runs in. */
  uint8_t isMain;
  /** What JavaScript has said of the call that was under way; 0: it knows of none. */
  uint8_t known;
  /** Where in `text` a second one begins; 0: there is none. */
  uint16_t otherAt;
  uint32_t isFollowed;
  FileState before;
  /** The program that made it, if it is another process. */
  char command[16];
  /** A path, an address; after it the path that goes with it, or the words of a command. */
  char text[MAX_TEXT];
} LoggedCall;

typedef struct {
  /** Written by JavaScript: not 0 while a call is under way that it knows of. */
  uint32_t known;
  /** How many calls were seen; those that there is no room for are counted only. */
  uint32_t count;
  /** Written by JavaScript: how many there were when the test began. */
  uint32_t start, unused;
  LoggedCall calls[MAX_CALLS];
} CallLog;

// call-filter.c
/** Lets the calls of this thread, and of what it starts, be supervised. The descriptor to do so by; -1 with errno. */
int installFilter(void);
/** Whether calls can be supervised here, as a process that ends at once has found; else errno. */
bool canFilter(void);

// call-reader.c
/** Reads what the call is about to be made on. False: it will change nothing. */
bool readCall(LoggedCall *call, const uint64_t arguments[6], int thread);
