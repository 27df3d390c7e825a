// What of the system a process has to itself (Linux).
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  /** By a user namespace, because the process may not do it as it is. */
  bool asUser;
  /** A network of its own, on which there is nobody else. */
  bool hasNetwork;
  /** A folder that the memory file system of the changes can be mounted over. */
  char *at;
  /** Folders whose changes are the process's own, the outermost first; the first may be the root. */
  char **overlays;
  size_t overlayCount;
  /** What stays as it is for everybody, below those folders. */
  char **binds;
  size_t bindCount;
} Isolation;

enum { MAX_OVERLAYS = 64 };

/** What a step that failed was done to; empty for none. */
extern char failedPath[4096];

/** Sets `failedPath`; returns the call. */
const char *failedAt(const char *call, const char *path);

// namespaces.c
/** NULL, or the call that failed. To be called with one thread. */
const char *enterNamespaces(const Isolation *isolation);
/** What a user namespace gives of privileges is given up again, unless the process is the system's own user. */
const char *dropPrivileges(const Isolation *isolation);

// overlay.c
/** Where the changes are, and the folders beneath: descriptors, -1 before `mountOverlays`. */
extern int changesFolder, lowerFolders[MAX_OVERLAYS];
/** NULL, or the call that failed. */
const char *mountOverlays(const Isolation *isolation);

// reopen.c
/** Notes the paths of the files that are open, before they are covered. NULL, or the call that failed. */
const char *notePaths(void);
/** Opens those files again by their paths. NULL, or the call that failed. */
const char *reopenFiles(void);

// loopback.c
/** NULL, or the call that failed. */
const char *startLoopback(void);
