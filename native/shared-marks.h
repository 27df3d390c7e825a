// The kernel's marks, which all logs of the process share: who takes them gives the others theirs.
#pragma once
#include "page-table.h"

/** Those that are open, of all threads. */
extern Log *logs;

/** Gives all marks to all logs, and what was unmapped counts as written: nobody can tell. NULL, or what failed. */
const char *spread(void);

/**
 * The marks of pages that `own` has taken in its present round, and is about to note anew, go to the other logs. Those of
 * other pages are left to the next `spread`. NULL, or what failed.
 */
const char *spreadTaken(Log *own);

/**
 * Watches the fresh pages that are not watched, in whole chunks of V8's, so that few mappings are parted. NULL, or what failed.
 */
const char *watchFresh(Log *log);

/** What was unmapped since the log last looked is pending. To be called after `spread`. NULL, or what failed. */
const char *findUnmapped(Log *log);
