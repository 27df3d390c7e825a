// How a process of ours ends by itself.
#pragma once

/** The statuses that src/fork reads. */
enum {
  /** Its system calls can't be watched any more. */
  EXIT_UNWATCHED = 95,
  /** A guarded event loop turned. */
  EXIT_LOST = 97,
  EXIT_BROKEN = 98,
  EXIT_ORPHAN = 99
};

/** A child that can't be set up must not go on as a half-made one, nor return an error its parent's code would handle. */
void dieBroken(const char *call, int error);
