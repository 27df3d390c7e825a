// The kernel's marks, which all logs of the process share: who takes them gives the others theirs.
#pragma once
#include "page-table.h"

/** Those that are open, of all threads. */
extern Log *logs;

/** Gives the marks to all logs; `own` leaves out pages of its present round, which are looked at again anyway. NULL, or what failed. */
const char *spread(Log *own);

/**
 * Watches the fresh pages that are not watched, in whole chunks of V8's, so that few mappings are parted. NULL, or what failed.
 */
const char *watchFresh(Log *log);

/** What was unmapped is written, as far as anybody can tell. NULL, or what failed. */
const char *findUnmapped(Log *log);
