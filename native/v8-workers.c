#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "v8-workers.h"

#ifdef __linux__
static void (*flushForegroundTasks)(void *platform, void *isolate);

static int noWorkers(void *platform) {
  (void)platform;
  return 0;
}

/** Node's own does this until no task is left, after it has waited for the workers. */
static void drainForegroundTasks(void *platform, void *isolate) {
  for (int i = 0; i < 3; i++) flushForegroundTasks(platform, isolate);
}

static void replaceMethod(int memory, const char *name, void (*replacement)(void)) {
  enum { MAX_METHODS = 32 };
  void *method = dlsym(RTLD_DEFAULT, name);
  void **methods = dlsym(RTLD_DEFAULT, "_ZTVN4node12NodePlatformE");
  int place = 0;
  if (!method || !methods) return;
  while (place < MAX_METHODS && methods[place] != method) place++;
  if (place == MAX_METHODS) return;
  if (pwrite(memory, &replacement, sizeof replacement, (off_t)(size_t)(methods + place)) < 0) errno = 0;
}

void hideWorkers(void) {
  void *flush = dlsym(RTLD_DEFAULT, "_ZN4node12NodePlatform20FlushForegroundTasksEPN2v87IsolateE");
  // The table is write-protected, and maybe on a page with code: the kernel writes to this process's copy all the same.
  int memory = open("/proc/self/mem", O_WRONLY | O_CLOEXEC);
  if (memory < 0) return;
  replaceMethod(memory, "_ZN4node12NodePlatform21NumberOfWorkerThreadsEv", (void (*)(void))noWorkers);
  memcpy(&flushForegroundTasks, &flush, sizeof flush);
  if (flush)
    replaceMethod(memory, "_ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE", (void (*)(void))drainForegroundTasks);
  close(memory);
}
#endif
