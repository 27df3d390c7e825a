// Whole messages over a pipe.
#pragma once
#include <stdbool.h>
#include <stddef.h>

/**
 * Writes all of it, waiting at most so long each time the pipe is full (negative: for ever). False: nobody reads, or not in
 * time.
 */
bool writeAll(int fd, const char *at, size_t left, int waitMs);
