#pragma once
#include <time.h>

/** Milliseconds of a clock that only goes forward. */
static inline double nowMs(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}
