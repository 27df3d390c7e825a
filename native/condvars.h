// Condition variables (glibc; elsewhere there is nothing to do).
// Threads that wait on a condition variable do not exist in the child but stay counted there, and before glibc 2.41
// pthread_cond_signal waits for them for ever. V8's garbage collector signals its dead workers.
#pragma once

/** Finds the condition variables with waiters. A candidate counts only when its own figures equal what was seen. */
void findCondvars(const int probe[2]);

/** In the child: no waiters any more; the low bits of `waiters` say how the variable was initialised and stay. */
void resetCondvars(void);
