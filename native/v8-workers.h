// V8's workers (Linux).
// V8 hands parts of its work to worker threads, some whatever the start flags: of a collection on Node 20 and 26, and of
// WebAssembly that gets hot. In a child none takes them, and who waits for their end, as Node does when the loop of a
// worker_thread is empty, waits for ever. So V8 is told there that it has no workers, and nobody waits for them: these are
// virtual methods, whose places in the table of methods get other functions. Methods are known by their names in Node's
// binary; in one without these names nothing is done.
#pragma once

/** In the child. */
void hideWorkers(void);
